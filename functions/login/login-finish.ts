import { encodeHex } from '../../shared/crypto/hex.ts';
import { sessionIdOf } from '../../shared/platform/authentication.ts';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { lifetimes, limits } from '../../shared/protocol/limits.ts';
import { loginFinish as wire } from '../../shared/protocol/login.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { create } from '../../shared/store/database.ts';
import { sessions } from '../../shared/store/sessions.ts';
import { settle } from './attempts.ts';
import { provePassphrase } from './prove.ts';

type Input = (typeof wire.input)['_output'];

export const loginFinish = httpFunction(
  'login-finish',
  {
    POST: publicOperation({
      summary: "Last step of the SRP-6a handshake: the client's proof for the server's, and a session",
      about:
        'When M1 is right the session exists. Its token is the SRP key K, which both sides have made and nobody has sent: `Authorization: Bearer` with 64 hex characters. Check M2 before anything that follows is believed. Wrong, unknown, reused and expired are one and the same answer.',
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
  const { login, proof, attempt } = await provePassphrase(input, context);
  if (!login.data.isVerified) {
    await context.database.commit([settle(attempt, 'unverified')]);
    throw new Problem('EMAIL_NOT_VERIFIED', 'The passphrase is right, but the address has not been verified yet.');
  }
  const created = context.clock.now();
  const expires = created + lifetimes.session;
  const life = { created, lastUsed: created, expires, expiresAt: new Date(expires) };
  const session = { accountId: login.data.accountId, label: labelOf(input), ...life };
  const answer = { srpM2: encodeHex(proof.M2), expiresAt: expires };
  return context.commit(answer, [
    create(sessions.doc(sessionIdOf(encodeHex(proof.K))), session),
    settle(attempt, 'right'),
  ]);
}

const labelOf = ({ label, 'user-agent': userAgent = '' }: Input): string =>
  label?.trim() || userAgent.replaceAll(/[^ -~]/g, '').slice(0, limits.sessionLabelCharacters) || 'unnamed';
