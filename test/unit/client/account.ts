import { type AccountKeys, createAccountKeys, sealAccountKeys } from '../../../shared/crypto/account-keys.ts';
import { createSalt, deriveKey } from '../../../shared/crypto/derive-key.ts';
import { decodeHex, encodeHex } from '../../../shared/crypto/hex.ts';
import { createVerifier } from '../../../shared/crypto/srp/client.ts';
import { srpGroups } from '../../../shared/crypto/srp/groups.ts';
import { SrpServer } from '../../../shared/crypto/srp/server.ts';
import { webEngine } from '../../../shared/crypto/srp/web-engine.ts';
import { defaultProfile, profiles } from '../../../shared/protocol/profiles.ts';
import type { Received, Reply } from './small-server.ts';

export const credentials = { email: 'jane@example.com', passphrase: 'lanterns on the pier at dusk' };

/** An account, and the four answers that a login needs; each of them can be changed. */
export async function loginAnswers(): Promise<{
  keys: AccountKeys;
  answer: (request: Received) => Promise<Reply>;
  changed: Record<string, object>;
}> {
  const { email, passphrase } = credentials;
  const { iterations } = profiles[defaultProfile];
  const [saltKey, saltAuth, saltEnc] = [createSalt(), createSalt(), createSalt()];
  const authSecret = await deriveKey(passphrase, email, saltKey, iterations);
  const encSecret = await deriveKey(passphrase, email, saltEnc, iterations);
  const verifier = decodeHex(await createVerifier({ profile: defaultProfile, email, authSecret, saltAuth }, webEngine));
  const keys = await createAccountKeys();
  const account = {
    accountId: `acct_${'1'.repeat(32)}`,
    email,
    firstName: 'Jane',
    lastName: '',
    created: 1,
    saltEnc,
    isVerified: true,
    sessionAge: 0,
    sessionExpiry: 60,
    profile: defaultProfile,
    ...(await sealAccountKeys(keys, encSecret)),
  };
  const server = new SrpServer(srpGroups[2048], webEngine);
  const { b, B } = await server.challenge(verifier);
  let A: Uint8Array<ArrayBuffer>;
  const answers: Record<string, (body: Record<string, string>) => object | Promise<object>> = {
    '/login-salts': () => ({ saltKey, saltAuth, profile: defaultProfile }),
    '/login-start': ({ srpA = '' }) => {
      A = decodeHex(srpA);
      return { sessionStarterId: 'starter', srpB: encodeHex(B) };
    },
    '/login-finish': async ({ srpM1 = '' }) => {
      const proof = await server.finish({ verifier, A, b, B }, decodeHex(srpM1));
      return { srpM2: encodeHex(proof?.M2 ?? new Uint8Array(32)), expiresAt: 2 };
    },
    '/session-whoami': () => account,
  };
  const changed: Record<string, object> = {};
  const answer = async ({ url, body }: Received) => {
    const usual = await answers[url]?.(Object(body));
    return { body: { ...usual, ...changed[url] } };
  };
  return { keys, answer, changed };
}
