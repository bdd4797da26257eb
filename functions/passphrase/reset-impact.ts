import type { Context } from '../../shared/platform/context.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { accounts } from '../../shared/store/accounts.ts';
import type { Stored } from '../../shared/store/database.ts';
import { type Group, groups, type Link } from '../../shared/store/groups.ts';
import { logins } from '../../shared/store/logins.ts';
import { findMailToken } from '../account/mail-token.ts';
import { grantors, type Standing, standings } from '../group/grantors.ts';
import { linksOf } from '../group/links-of.ts';

/**
 * Whose passphrase a code from the mail lets reset.
 * @throws Problem `TOKEN_EXPIRED`
 */
export async function resetTarget(token: string, context: Context) {
  const found = await findMailToken(context, 'passphrase-reset', token);
  if (found === undefined) throw expired();
  const { accountId, loginId } = found.data;
  const [login, account] = await context.database.get(logins.doc(loginId), accounts.doc(accountId));
  if (account === undefined || !login?.data.isVerified || login.data.accountId !== accountId) throw expired();
  return { found, login, account };
}

const expired = () => new Problem('TOKEN_EXPIRED', 'This code was used already, has expired, or is not one of ours.');

/** What a reset does to one group of the account. */
export interface GroupImpact {
  readonly group: Stored<Group>;
  readonly link: Stored<Link>;
  /** Who can grant the key again; nobody when the group is lost. */
  readonly grantedBy: readonly Standing[];
}

/** Every group of an account, and who else holds its key. Reads every link of each. */
export async function resetImpact(accountId: string, { database }: Context): Promise<GroupImpact[]> {
  const mine = await linksOf(database, accountId);
  const found = await database.get(...mine.map(({ data }) => groups.doc(data.groupId)));
  const impacts = mine.map(async (link, index) => {
    const group = found[index];
    if (group === undefined) return [];
    const members = await standings(database, group);
    return [{ group, link, grantedBy: grantors(members.filter(({ id }) => id !== accountId)) }];
  });
  return (await Promise.all(impacts)).flat();
}
