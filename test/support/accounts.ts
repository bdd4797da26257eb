import { sessionIdOf } from '../../shared/platform/authentication.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { defaultProfile } from '../../shared/protocol/profiles.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { create, type Database } from '../../shared/store/database.ts';
import { sessions } from '../../shared/store/sessions.ts';

export interface Account {
  readonly name: string;
  readonly accountId: string;
  readonly token: string;
}

/**
 * Logged-in accounts, put into the store as sign-up and login leave them: what those do is tested elsewhere.
 * Their ids end in what `hex` gives, and begin so that the store lists them in this order.
 */
export async function createAccounts(
  database: Database,
  hex: (bytes: number) => string,
): Promise<[jane: Account, bob: Account, carol: Account]> {
  const account = (name: string, index: number): Account => {
    const accountId = `acct_${index.toString(16).padStart(4, '0')}${hex(14)}`;
    return { name, accountId, token: sha256Hex(accountId, 'token') };
  };
  const made: [Account, Account, Account] = [account('jane', 0), account('bob', 1), account('carol', 2)];
  const created = 1_700_000_000_000;
  const expires = created + 100 * lifetimes.session;
  await database.commit(
    made.flatMap(({ name, accountId, token }) => [
      create(accounts.doc(accountId), {
        email: `${name}+${accountId}@example.com`,
        firstName: name,
        lastName: '',
        created,
        profile: defaultProfile,
        saltEnc: '00'.repeat(32),
        publicKey: '{}',
        encPrivateKey: '{}',
        encSymmetricKey: '{}',
        generation: 1,
        linkChanges: 0,
      }),
      create(sessions.doc(sessionIdOf(token)), {
        accountId,
        label: 'test',
        created,
        // As if just used, whatever a test's clock says: noting the use would be one write more.
        lastUsed: expires,
        expires,
        expiresAt: new Date(expires),
      }),
    ]),
  );
  return made;
}
