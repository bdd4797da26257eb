import { publicKeyFingerprint } from '../../shared/crypto/fingerprint.ts';
import { type Account, accounts } from '../../shared/store/accounts.ts';
import type { Database, Stored } from '../../shared/store/database.ts';

/** What members of a team see of each other. */
export async function asPerson({ id, data }: Stored<Account>) {
  const { email, firstName, lastName, publicKey } = data;
  return { accountId: id, email, firstName, lastName, publicKey, fingerprint: await publicKeyFingerprint(publicKey) };
}

/** Accounts that are gone are left out. */
export async function peopleOf(database: Database, accountIds: readonly string[]) {
  const found = await database.get(...accountIds.map((id) => accounts.doc(id)));
  return Promise.all(found.filter((account) => account !== undefined).map(asPerson));
}
