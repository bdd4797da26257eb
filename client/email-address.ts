import { sealSymmetricKey } from '../shared/crypto/account-keys.ts';
import { normaliseEmail } from '../shared/crypto/normalise.ts';
import { emailChangeConfirm, emailChangeStart } from '../shared/protocol/email-address.ts';
import type { Connection } from './connection.ts';
import { type Credentials, freshProof, type Session } from './log-in.ts';
import { createSecrets } from './secrets.ts';

/**
 * Asks for another address. The address is part of every derivation, so all secrets are made anew from it and the
 * passphrase; the account's keys stay. A mail with a link goes to the new address, and until that is used nothing changes.
 * @param next the new address; and the passphrase, as it is. With a code it need not be known: then this is the new one
 * @param code from a mail of `sendPassphraseCode`
 * @throws {CallFailed} `PROOF_FAILED`; `KEYS_CHANGED` when another device has set a passphrase meanwhile; `RATE_LIMITED`
 */
export async function changeAddress(session: Session, next: Credentials, code?: string): Promise<void> {
  const { connection, account, keys } = session;
  const { profile, encSymmetricKey: baseEncSymmetricKey } = account;
  const { passphrase } = next;
  const email = normaliseEmail(next.email);
  const { secrets, encSecret } = await createSecrets({ email, passphrase }, profile);
  await connection.post('email-change-start', emailChangeStart, {
    proof: code === undefined ? await freshProof(connection, { email: account.email, passphrase }) : { code },
    email,
    ...secrets,
    baseEncSymmetricKey,
    encSymmetricKey: await sealSymmetricKey(keys.symmetricKey, encSecret),
  });
}

/**
 * What the button of the page in the mail does. Every session of the account ends: log in with the new address.
 * @param token from the link in the mail
 * @throws {CallFailed} `TOKEN_EXPIRED`; `KEYS_CHANGED` or `EMAIL_IN_USE` when it cannot be done any more
 */
export async function confirmAddress(connection: Connection, token: string): Promise<void> {
  await connection.post('email-change-confirm', emailChangeConfirm, { token });
}
