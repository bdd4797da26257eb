import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import type { Account } from '../../shared/store/accounts.ts';
import { type Stored, update, type Write } from '../../shared/store/database.ts';

/**
 * That a group key was wrapped to the key which the account has, and for the commit that links them: a reset at the same
 * moment finds the link.
 * @param compared the fingerprint that the caller has seen, where it says
 * @throws Problem `FINGERPRINT_MISMATCH`
 */
export async function linkTo(account: Stored<Account>, compared: string | undefined): Promise<Write> {
  const { id, data } = account;
  const fingerprint = compared === undefined ? undefined : await publicKeyFingerprint(data.publicKey);
  if (fingerprint !== compared) {
    const detail = 'The key of that account has another fingerprint than the one that was compared.';
    throw new Problem('FINGERPRINT_MISMATCH', detail, { accountId: id, fingerprint });
  }
  return update(account, { linkChanges: data.linkChanges + 1 });
}
