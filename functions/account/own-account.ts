import type { SessionContext } from '../../shared/platform/context.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { type Account, accounts } from '../../shared/store/accounts.ts';
import type { Stored } from '../../shared/store/database.ts';

/** The caller's account. @throws Problem `UNAUTHENTICATED` when it is gone and the session is not yet */
export async function ownAccount({ database, caller }: SessionContext): Promise<Stored<Account>> {
  const [account] = await database.get(accounts.doc(caller.accountId));
  if (account !== undefined) return account;
  throw new Problem('UNAUTHENTICATED', 'The account of this session is gone.');
}
