import type { Role } from '../../shared/protocol/fields.ts';
import { accounts } from '../../shared/store/accounts.ts';
import type { Database, Stored } from '../../shared/store/database.ts';
import { type Link, links } from '../../shared/store/groups.ts';

/** As much of a link as is needed to know who may grant a key. */
export type Standing = Stored<Pick<Link, 'accountId' | 'role' | 'state'>>;

const byRank: readonly Role[] = ['admin', 'editor', 'viewer'];

/** Every link of a group, without its key. */
export const standings = (database: Database, groupId: string): Promise<Standing[]> =>
  database.list({ collection: links(groupId), where: [], fields: ['accountId', 'role', 'state'] });

/**
 * Who may grant the group's key to a member who lost it: the admins among those who hold it. Where no admin is left, the
 * editors, then the viewers: else nobody could ever let the last admin in again. Empty when the group is lost.
 */
export function grantors(members: readonly Standing[]): Standing[] {
  const holders = members.filter(({ data }) => data.state === 'active');
  const highest = byRank.find((role) => holders.some(({ data }) => data.role === role));
  return holders.filter(({ data }) => data.role === highest);
}

/** The names of those who may, of several groups. Reads every link of each, and every account once. */
export async function grantorsByGroup(groupIds: readonly string[], database: Database) {
  const granting = await Promise.all(
    groupIds.map(async (id) => [id, grantors(await standings(database, id))] as const),
  );
  const name = await namesOf(
    granting.flatMap(([, those]) => those),
    database,
  );
  return new Map(granting.map(([id, those]) => [id, name(those)]));
}

/** Reads every account once; hands back what names some of them. */
export async function namesOf(members: readonly Standing[], database: Database) {
  const ids = [...new Set(members.map(({ id }) => id))];
  const found = ids.length === 0 ? [] : await database.get(...ids.map((id) => accounts.doc(id)));
  const people = new Map(found.flatMap((account) => (account === undefined ? [] : [[account.id, account.data]])));
  return (those: readonly Standing[]) =>
    those.flatMap(({ id: accountId }) => {
      const person = people.get(accountId);
      return person === undefined ? [] : [{ accountId, firstName: person.firstName, lastName: person.lastName }];
    });
}
