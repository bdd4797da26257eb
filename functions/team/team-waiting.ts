import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import type { Role } from '../../shared/protocol/fields.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { teamWaiting as wire } from '../../shared/protocol/team.ts';
import type { Database, Stored } from '../../shared/store/database.ts';
import { type Group, groups, links } from '../../shared/store/groups.ts';
import { type TeamMember, teamMembers } from '../../shared/store/teams.ts';
import { peopleOf } from './people.ts';
import { teamMembership, teamMembershipProblems } from './team-membership.ts';

type Input = (typeof wire.input)['_output'];

export const teamWaiting = httpFunction('team-waiting', {
  GET: sessionOperation({
    summary: 'Which members of a team have no key to which of its groups, of those whose key the caller may grant',
    about: 'For each who waits: compare the fingerprint, then wrap the group’s key and send it by link-create.',
    ...wire,
    success: 200,
    problems: [...teamMembershipProblems],
    handle: list,
  }),
});

/** A page of groups at a time: reads the team's groups and members, and every link of the groups of the page. */
async function list({ teamId, after }: Input, context: SessionContext) {
  const { database } = context;
  const { member } = await teamMembership(context, teamId, 'member');
  const [ofTeam, members] = await Promise.all([
    database.list({ collection: groups, where: [['teamId', '==', teamId]] }),
    database.list({ collection: teamMembers(teamId), where: [] }),
  ]);
  const living = ofTeam.filter(({ id, data }) => data.deletedAt === null && (after === undefined || id > after));
  const grantable = await grantableBy(member, living.sort(byId), context);
  const page = grantable.slice(0, limits.waitingGroups);
  const listed = await Promise.all(page.map(({ group, role }) => waitingFor(group, role, members, database)));
  const waited = listed.filter(({ waiting }) => waiting.length > 0);
  const names = new Set(waited.flatMap(({ waiting }) => waiting));
  const roleOf = new Map(members.map(({ id, data }) => [id, data.role]));
  const people = await peopleOf(database, [...names]);
  return {
    groups: waited,
    people: people.map((person) => ({ ...person, role: roleOf.get(person.accountId) ?? 'member' })),
    next: grantable.length > page.length ? (page.at(-1)?.group.id ?? null) : null,
  };
}

const byId = (a: Stored<Group>, b: Stored<Group>) => (a.id < b.id ? -1 : 1);

/** Those whose key the caller has, as their admin or the team's. */
async function grantableBy(
  { data: { role: teamRole } }: Stored<TeamMember>,
  living: readonly Stored<Group>[],
  { database, caller }: SessionContext,
) {
  const own = await database.get(...living.map(({ id }) => links(id).doc(caller.accountId)));
  return living.flatMap((group, index) => {
    const link = own[index];
    if (link?.data.state !== 'active' || (link.data.role !== 'admin' && teamRole !== 'admin')) return [];
    return [{ group, role: link.data.role }];
  });
}

async function waitingFor(
  { id: groupId, data: { name, keyEpoch } }: Stored<Group>,
  role: Role,
  members: readonly Stored<TeamMember>[],
  database: Database,
) {
  const linked = await database.list({ collection: links(groupId), where: [], fields: ['accountId'] });
  const has = new Set(linked.map(({ id }) => id));
  const waiting = members.map(({ id }) => id).filter((id) => !has.has(id));
  return { groupId, name, keyEpoch, role, waiting };
}
