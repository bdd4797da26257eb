import { decodeHex, encodeHex } from '../../shared/crypto/hex.ts';
import { srpGroups } from '../../shared/crypto/srp/groups.ts';
import { SrpServer } from '../../shared/crypto/srp/server.ts';
import { sessionIdOf } from '../../shared/platform/authentication.ts';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { admit, charge } from '../../shared/platform/rate-limit.ts';
import { opensslEngine } from '../../shared/platform/srp/openssl-engine.ts';
import { lifetimes, limits } from '../../shared/protocol/limits.ts';
import { loginFinish as wire } from '../../shared/protocol/login.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { profiles } from '../../shared/protocol/profiles.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { CommitConflict, create, type Stored } from '../../shared/store/database.ts';
import { handshakes } from '../../shared/store/handshakes.ts';
import { type Login, logins } from '../../shared/store/logins.ts';
import { sessions } from '../../shared/store/sessions.ts';
import { type HandshakeState, openHandshake } from './handshake-state.ts';
import { verifierOf } from './verifier.ts';

type Input = (typeof wire.input)['_output'];

export const loginFinish = httpFunction(
  'login-finish',
  {
    POST: publicOperation({
      summary: "Last step of the SRP-6a handshake: the client's proof for the server's, and a session",
      ...wire,
      success: 200,
      problems: ['LOGIN_FAILED', 'EMAIL_NOT_VERIFIED', 'RATE_LIMITED'],
      headers: ['user-agent'],
      writes: true,
      handle,
    }),
  },
  { secrets: ['state-key', 'verifier-key', 'salt-key'] },
);

async function handle(input: Input, context: Context) {
  const state = await openHandshake(context, input.sessionStarterId);
  if (state === undefined) throw failed();
  const login = await claim(state, context);
  const proof = await prove(state, decodeHex(input.srpM1), login, context);
  if (proof === undefined || login === undefined) throw failed();
  if (!login.data.isVerified) {
    throw new Problem('EMAIL_NOT_VERIFIED', 'The passphrase is right, but the address has not been verified yet.');
  }
  const created = context.clock.now();
  const expires = created + lifetimes.session;
  const life = { created, lastUsed: created, expires, expiresAt: new Date(expires) };
  const session = { accountId: login.data.accountId, label: labelOf(input), ...life };
  const answer = { srpM2: encodeHex(proof.M2), expiresAt: expires };
  return context.commit(answer, [create(sessions.doc(sessionIdOf(encodeHex(proof.K))), session)]);
}

const labelOf = ({ label, 'user-agent': userAgent = '' }: Input): string =>
  label?.trim() || userAgent.replaceAll(/[^ -~]/g, '').slice(0, limits.sessionLabelCharacters) || 'unnamed';

/**
 * Before anything is verified: takes the handshake's nonce for good and counts the attempt, in one commit. So one
 * handshake allows one guess, also under parallel calls, and no number of parallel guesses passes the limit.
 */
async function claim(state: HandshakeState, context: Context): Promise<Stored<Login> | undefined> {
  const { database, clock, address } = context;
  const attempt = charge(rateRules.loginByEmailAndAddress, `${state.loginId} ${address}`, clock.now());
  const taken = create(handshakes.doc(state.nonce), { expiresAt: new Date(state.expires + lifetimes.handshake) });
  try {
    await database.commit([taken, attempt.write]);
  } catch (error) {
    throw error instanceof CommitConflict ? failed() : error;
  }
  const [login, window] = await database.get(logins.doc(state.loginId), attempt.window);
  admit(attempt, window?.data.count ?? 0, clock.now());
  return login;
}

/** The same work for an unknown address as for a known one; its decoy verifier just never fits. */
async function prove(state: HandshakeState, M1: Uint8Array, login: Stored<Login> | undefined, { sealer }: Context) {
  const { verifier, profile } = await verifierOf(sealer, state.loginId, login);
  if (profile !== state.profile) return undefined;
  const server = new SrpServer(srpGroups[profiles[profile].groupBits], opensslEngine);
  return server.finish({ verifier, A: decodeHex(state.srpA), b: decodeHex(state.b), B: decodeHex(state.srpB) }, M1);
}

/** One and the same for every reason. */
const failed = () =>
  new Problem('LOGIN_FAILED', 'The address, the passphrase or the handshake is wrong, used or too old.');
