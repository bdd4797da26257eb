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

/**
 * That nobody has changed the passphrase since the caller looked.
 * @param seen `encSymmetricKey` as the caller last saw it
 * @throws Problem `KEYS_CHANGED`
 */
export function requireUnchangedKeys({ data }: Stored<Account>, seen: string): void {
  if (data.encSymmetricKey === seen) return;
  throw new Problem('KEYS_CHANGED', 'The account key is not encrypted as the caller says it is.');
}
