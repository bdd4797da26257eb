import { srpEngine } from '#srp-engine';
import { createSalt, deriveKey } from '../shared/crypto/derive-key.ts';
import { createVerifier } from '../shared/crypto/srp/client.ts';
import { type ProfileId, profiles } from '../shared/protocol/profiles.ts';
import type { Credentials } from './log-in.ts';

/**
 * What is made anew of an address and a passphrase, whenever either is: fresh salts and the SRP verifier, for the server;
 * and `SEC_PWD_Enc`, which stays here and locks the account's keys.
 * @throws {TypeError} when the passphrase is empty
 */
export async function createSecrets({ email, passphrase }: Credentials, profile: ProfileId) {
  if (passphrase === '') throw new TypeError('A passphrase must not be empty.');
  const { iterations } = profiles[profile];
  const [saltKey, saltAuth, saltEnc] = [createSalt(), createSalt(), createSalt()];
  const [authSecret, encSecret] = await Promise.all([
    deriveKey(passphrase, email, saltKey, iterations),
    deriveKey(passphrase, email, saltEnc, iterations),
  ]);
  const verifier = await createVerifier({ profile, email, authSecret, saltAuth }, srpEngine);
  return { secrets: { saltKey, saltAuth, saltEnc, profile, verifier }, encSecret };
}
