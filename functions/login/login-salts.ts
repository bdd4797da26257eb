import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { loginSalts as wire } from '../../shared/protocol/login.ts';
import { logins } from '../../shared/store/logins.ts';
import { decoyLogin } from './decoy.ts';

export const loginSalts = httpFunction(
  'login-salts',
  {
    POST: publicOperation({
      summary: 'The salts and profile to derive the login secret with; an unknown address gets stable, plausible ones',
      about:
        'Asked first: with the salt, the passphrase and the address the client derives the login secret. What an unknown address gets is made from a secret of the server, and is the same each time.',
      ...wire,
      success: 200,
      handle: async ({ email }, { database, sealer }) => {
        const loginId = sha256Hex(email);
        const [[login], decoy] = await Promise.all([database.get(logins.doc(loginId)), decoyLogin(sealer, loginId)]);
        const { saltKey, saltAuth, profile } = login?.data ?? decoy;
        return { saltKey, saltAuth, profile };
      },
    }),
  },
  { secrets: ['salt-key'] },
);
