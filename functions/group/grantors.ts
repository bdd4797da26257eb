import type { Role } from '../../shared/protocol/fields.ts';
import { accounts } from '../../shared/store/accounts.ts';
import type { Database, Stored } from '../../shared/store/database.ts';
import { type Group, type Link, links } from '../../shared/store/groups.ts';
import { inPersonalTeam } from '../../shared/store/teams.ts';
import { teamAdmins } from '../team/team-admins.ts';

/** As much of a link as is needed to know who may grant a key. */
export type Standing = Stored<Pick<Link, 'accountId' | 'role' | 'state'>>;

const byRank: readonly Role[] = ['admin', 'editor', 'viewer'];

/** Every link of a group, without its key; an admin of its team stands as an admin of the group. */
export async function standings(database: Database, { id, data }: Stored<Group>): Promise<Standing[]> {
  const [members, admins] = await Promise.all([
    database.list({ collection: links(id), where: [], fields: ['accountId', 'role', 'state'] }),
    inPersonalTeam(data) ? [] : teamAdmins(database, data.teamId),
  ]);
  const raised = new Set(admins);
  return members.map((member) =>
    raised.has(member.id) ? { ...member, data: { ...member.data, role: 'admin' } } : member,
  );
}

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
export async function grantorsByGroup(groups: readonly Stored<Group>[], database: Database) {
  const granting = await Promise.all(
    groups.map(async (group) => [group.id, grantors(await standings(database, group))] as const),
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
  const found = await database.get(...ids.map((id) => accounts.doc(id)));
  const people = new Map(found.flatMap((account) => (account === undefined ? [] : [[account.id, account.data]])));
  return (those: readonly Standing[]) =>
    those.flatMap(({ id: accountId }) => {
      const person = people.get(accountId);
      return person === undefined ? [] : [{ accountId, firstName: person.firstName, lastName: person.lastName }];
    });
}

/** Names enough to know whom to ask. */
const fewGrantors = 5;

/**
 * Some who may grant the key of a group of a team to a member who never had it, at a few reads: the group's admins and
 * the team's who hold the key. Where there are none, every link is read.
 * @param teamAdmins of the group's team
 */
export async function someGrantors(
  database: Database,
  group: Stored<Group>,
  teamAdmins: readonly string[],
): Promise<Standing[]> {
  const asked = teamAdmins.slice(0, fewGrantors).map((id) => links(group.id).doc(id));
  const [admins, ofTeam] = await Promise.all([
    database.list({
      collection: links(group.id),
      where: [
        ['role', '==', 'admin'],
        ['state', '==', 'active'],
      ],
      fields: ['accountId', 'role', 'state'],
      limit: fewGrantors,
    }),
    database.get(...asked),
  ]);
  const holding = ofTeam.flatMap((link) => (link?.data.state === 'active' ? [link] : []));
  const some = new Map<string, Standing>([...admins, ...holding].map((link) => [link.id, link]));
  return some.size > 0 ? [...some.values()] : grantors(await standings(database, group));
}
