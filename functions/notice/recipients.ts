import { sha256Hex } from '../../shared/platform/hash.ts';
import { type Account, accounts } from '../../shared/store/accounts.ts';
import type { Database, Stored } from '../../shared/store/database.ts';
import { logins } from '../../shared/store/logins.ts';

type Addressed = Stored<Pick<Account, 'email'>>;

/** Those whose address is verified: to any other nobody has ever proved to own it, and the account has never been used. */
export async function reachable(database: Database, found: readonly Addressed[]): Promise<Addressed[]> {
  const theirLogins = await database.get(...found.map(({ data }) => logins.doc(sha256Hex(data.email))));
  return found.filter(({ id }, index) => {
    const login = theirLogins[index];
    return login?.data.isVerified === true && login.data.accountId === id;
  });
}

/** The accounts with these ids that exist. */
export async function existing(database: Database, accountIds: readonly string[]): Promise<Addressed[]> {
  const found = await database.get(...accountIds.map((id) => accounts.doc(id)));
  return found.filter((account) => account !== undefined);
}
