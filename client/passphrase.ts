import { sealSymmetricKey } from '../shared/crypto/account-keys.ts';
import { passphraseChange, passphraseCodeSend } from '../shared/protocol/passphrase.ts';
import { freshProof, type Session } from './log-in.ts';
import { createSecrets } from './secrets.ts';

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
  const { secrets, encSecret } = await createSecrets({ email, passphrase }, profile);
  const { sessionsRevoked } = await connection.post('passphrase-change', passphraseChange, {
    proof: 'code' in proof ? proof : await freshProof(connection, { email, passphrase: proof.oldPassphrase }),
    ...secrets,
    baseEncSymmetricKey,
    encSymmetricKey: await sealSymmetricKey(keys.symmetricKey, encSecret),
  });
  return sessionsRevoked;
}

/** Has a code mailed to the account, for somebody who is logged in and does not know the passphrase any more. */
export async function sendPassphraseCode({ connection }: Session): Promise<void> {
  await connection.post('passphrase-code-send', passphraseCodeSend, {});
}
