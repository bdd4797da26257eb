import { decodeHex } from '../../shared/crypto/hex.ts';
import { srpGroups } from '../../shared/crypto/srp/groups.ts';
import { opensslEngine } from '../../shared/crypto/srp/openssl/engine.ts';
import { SrpServer } from '../../shared/crypto/srp/server.ts';
import type { Context } from '../../shared/platform/context.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { profiles } from '../../shared/protocol/profiles.ts';
import { CommitConflict, create, type Stored } from '../../shared/store/database.ts';
import { type Login, logins } from '../../shared/store/logins.ts';
import { type Attempt, newAttempt, refuseGuessing } from './attempts.ts';
import { type HandshakeState, openHandshake } from './handshake-state.ts';
import { verifierOf } from './verifier.ts';

interface Handshake {
  readonly sessionStarterId: string;
  readonly srpM1: string;
}

/**
 * That the caller knows the passphrase of an account: the end of a handshake begun by login-start. It can be tried once,
 * and counts as a wrong login until the caller commits that `attempt` is settled.
 * @throws Problem `LOGIN_FAILED`, one and the same for every reason; `RATE_LIMITED`
 */
export async function provePassphrase({ sessionStarterId, srpM1 }: Handshake, context: Context) {
  const state = await openHandshake(context, sessionStarterId);
  if (state === undefined) throw failed();
  const attempt = await newAttempt(state, context);
  const login = await claim(attempt, context);
  const proof = await verify(state, decodeHex(srpM1), login, context);
  if (proof === undefined || login === undefined) throw failed();
  return { login, proof, attempt };
}

/**
 * Before anything is verified: takes the handshake's nonce for good and counts the attempt, in one write. So one
 * handshake allows one guess, also under parallel calls, and no number of parallel guesses passes the limit.
 */
async function claim(attempt: Attempt, context: Context): Promise<Stored<Login> | undefined> {
  const { database } = context;
  try {
    await database.commit([create(attempt.ref, attempt.data)]);
  } catch (error) {
    throw error instanceof CommitConflict ? failed() : error;
  }
  const [[login]] = await Promise.all([database.get(logins.doc(attempt.loginId)), refuseGuessing(attempt, context)]);
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
