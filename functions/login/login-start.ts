import { decodeHex, encodeHex } from '../../shared/crypto/hex.ts';
import { srpGroups } from '../../shared/crypto/srp/groups.ts';
import { opensslEngine } from '../../shared/crypto/srp/openssl/engine.ts';
import { isValidPublicValue, SrpServer } from '../../shared/crypto/srp/server.ts';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { loginStart as wire } from '../../shared/protocol/login.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { profiles } from '../../shared/protocol/profiles.ts';
import { logins } from '../../shared/store/logins.ts';
import { sealHandshake } from './handshake-state.ts';
import { verifierOf } from './verifier.ts';

export const loginStart = httpFunction(
  'login-start',
  {
    POST: publicOperation({
      summary: 'First step of the SRP-6a handshake: A for B; the same for an unknown address',
      about:
        'The handshake that it begins is good for one login-finish within two minutes. A that is 0 modulo N is refused.',
      ...wire,
      success: 200,
      handle,
    }),
  },
  { secrets: ['state-key', 'verifier-key', 'salt-key'] },
);

async function handle({ email, srpA }: { email: string; srpA: string }, context: Context) {
  const loginId = sha256Hex(email);
  const [login] = await context.database.get(logins.doc(loginId));
  const { verifier, profile } = await verifierOf(context.sealer, loginId, login);
  const group = srpGroups[profiles[profile].groupBits];
  const A = decodeHex(srpA);
  if (!isValidPublicValue(group, A)) {
    const message = `must be ${profiles[profile].publicValueBytes * 2} hex characters with 0 < A < N`;
    throw new Problem('INVALID_INPUT', `/srpA: ${message}`, { errors: [{ path: '/srpA', message }] });
  }
  const { b, B } = await new SrpServer(group, opensslEngine).challenge(verifier);
  const srpB = encodeHex(B);
  return { sessionStarterId: await sealHandshake(context, { loginId, profile, srpA, srpB, b: encodeHex(b) }), srpB };
}
