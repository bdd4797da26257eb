import { decodeHex } from '../../shared/crypto/hex.ts';
import { srpGroups } from '../../shared/crypto/srp/groups.ts';
import { SrpServer } from '../../shared/crypto/srp/server.ts';
import type { Context } from '../../shared/platform/context.ts';
import { admit, charge } from '../../shared/platform/rate-limit.ts';
import { opensslEngine } from '../../shared/platform/srp/openssl-engine.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { profiles } from '../../shared/protocol/profiles.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { CommitConflict, create, type Stored } from '../../shared/store/database.ts';
import { handshakes } from '../../shared/store/handshakes.ts';
import { type Login, logins } from '../../shared/store/logins.ts';
import { type HandshakeState, openHandshake } from './handshake-state.ts';
import { verifierOf } from './verifier.ts';

interface Handshake {
  readonly sessionStarterId: string;
  readonly srpM1: string;
}

/**
 * That the caller knows the passphrase of an account: the end of a handshake begun by login-start. It can be tried once,
 * and counts as a login attempt.
 * @throws Problem `LOGIN_FAILED`, one and the same for every reason; `RATE_LIMITED`
 */
export async function provePassphrase({ sessionStarterId, srpM1 }: Handshake, context: Context) {
  const state = await openHandshake(context, sessionStarterId);
  if (state === undefined) throw failed();
  const login = await claim(state, context);
  const proof = await verify(state, decodeHex(srpM1), login, context);
  if (proof === undefined || login === undefined) throw failed();
  return { login, proof };
}

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
async function verify(state: HandshakeState, M1: Uint8Array, login: Stored<Login> | undefined, { sealer }: Context) {
  const { verifier, profile } = await verifierOf(sealer, state.loginId, login);
  if (profile !== state.profile) return undefined;
  const server = new SrpServer(srpGroups[profiles[profile].groupBits], opensslEngine);
  return server.finish({ verifier, A: decodeHex(state.srpA), b: decodeHex(state.b), B: decodeHex(state.srpB) }, M1);
}

/** One and the same for every reason. */
const failed = () =>
  new Problem('LOGIN_FAILED', 'The address, the passphrase or the handshake is wrong, used or too old.');
