import { sealSymmetricKey } from '../shared/crypto/account-keys.ts';
import { createSalt, deriveKey } from '../shared/crypto/derive-key.ts';
import { createVerifier } from '../shared/crypto/srp/client.ts';
import { webEngine } from '../shared/crypto/srp/web-engine.ts';
import { passphraseChange, passphraseCodeSend } from '../shared/protocol/passphrase.ts';
import { profiles } from '../shared/protocol/profiles.ts';
import { freshProof, type Session } from './log-in.ts';

/** Why the server should believe that it is the owner who asks: the old passphrase, or a code mailed to the account. */
export type OwnerProof = { readonly oldPassphrase: string } | { readonly code: string };

/**
 * Sets a new passphrase. The account's keys stay as they are: only how they are locked changes, so nothing has to be
 * encrypted anew and no share is lost. All other devices are logged out.
 * @returns how many were
 * @throws {CallFailed} `PROOF_FAILED`; `KEYS_CHANGED` when another device has done the same meanwhile
 */
export async function changePassphrase(session: Session, proof: OwnerProof, passphrase: string): Promise<number> {
  const { connection, account, keys } = session;
  const { email, profile, encSymmetricKey: baseEncSymmetricKey } = account;
  const { iterations } = profiles[profile];
  const [saltKey, saltAuth, saltEnc] = [createSalt(), createSalt(), createSalt()];
  const [authSecret, encSecret] = await Promise.all([
    deriveKey(passphrase, email, saltKey, iterations),
    deriveKey(passphrase, email, saltEnc, iterations),
  ]);
  const { sessionsRevoked } = await connection.post('passphrase-change', passphraseChange, {
    proof: 'code' in proof ? proof : await freshProof(connection, { email, passphrase: proof.oldPassphrase }),
    ...{ saltKey, saltAuth, saltEnc, profile, baseEncSymmetricKey },
    verifier: await createVerifier({ profile, email, authSecret, saltAuth }, webEngine),
    encSymmetricKey: await sealSymmetricKey(keys.symmetricKey, encSecret),
  });
  return sessionsRevoked;
}

/** Has a code mailed to the account, for somebody who is logged in and does not know the passphrase any more. */
export async function sendPassphraseCode({ connection }: Session): Promise<void> {
  await connection.post('passphrase-code-send', passphraseCodeSend, {});
}
