import type { SessionContext } from '../../shared/platform/context.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { erase, remove, type Stored, update, type Write } from '../../shared/store/database.ts';
import { type Group, groups, type Link, links, oldKeys } from '../../shared/store/groups.ts';
import type { Team, TeamMember } from '../../shared/store/teams.ts';
import { memberLeft } from '../group/remove-member.ts';
import { teamAdmins } from './team-admins.ts';
import { requireAnotherTeamAdmin, requireShared } from './team-membership.ts';

/** Old keys that go in the commit itself: with three writes a group and some more it stays under 500. */
const oldKeysPerCommit = 150;

interface Leaving {
  readonly team: Stored<Team>;
  readonly member: Stored<TeamMember>;
  readonly handOver: readonly { readonly groupId: string; readonly to: string | null }[];
}

/** A group of which the one who goes holds a key. */
interface Held {
  readonly group: Stored<Group>;
  readonly link: Stored<Link>;
}

/** What becomes of such a group: it goes on as it is, under a new admin, or is deleted. */
type Fate = 'goes-on' | 'deleted' | { readonly admin: Stored<Link> };

/** What `departure` can answer. */
export const departureProblems = ['PERSONAL_TEAM', 'LAST_TEAM_ADMIN', 'GROUPS_ORPHANED'] as const;

/**
 * The writes that take somebody out of a team: their place in it, and in the same commit their links to all its groups,
 * each of which needs a new key then. A team admin who holds a key takes over groups that would have no admin.
 * Old keys that do not fit into the commit are erased before: cut off there, it leaves a member who can read less.
 * @throws Problem `PERSONAL_TEAM`, `LAST_TEAM_ADMIN`, `GROUPS_ORPHANED`
 */
export async function departure(leaving: Leaving, context: SessionContext) {
  const { team, member } = leaving;
  const { database, clock } = context;
  requireShared(team);
  if (member.data.role === 'admin') await requireAnotherTeamAdmin(team.id, member.id, context);
  const held = await heldGroups(leaving, context);
  const fates = await decide(held, leaving, context);
  const kept = await Promise.all(held.map(({ group }) => keysOf(group.id, member.id, context)));
  const erasures = kept.flat();
  for (let from = oldKeysPerCommit; from < erasures.length; from += oldKeysPerCommit) {
    await database.commit(erasures.slice(from, from + oldKeysPerCommit));
  }
  const { members, memberChanges } = team.data;
  const writes = [
    update(team, { members: members - 1, memberChanges: memberChanges + 1 }),
    remove(member),
    ...held.flatMap(({ group, link }, index) => leave(group, link, fates[index] ?? 'goes-on', clock.now())),
    ...erasures.slice(0, oldKeysPerCommit),
  ];
  const rotationRequired = held.flatMap(({ group }, index) =>
    group.data.deletedAt !== null || fates[index] === 'deleted'
      ? []
      : [{ groupId: group.id, name: group.data.name, keyEpoch: group.data.keyEpoch }],
  );
  return { writes, rotationRequired };
}

async function heldGroups({ team, member }: Leaving, { database }: SessionContext): Promise<Held[]> {
  const all = await database.list({ collection: groups, where: [['teamId', '==', team.id]] });
  const found = await database.get(...all.map(({ id }) => links(id).doc(member.id)));
  return all.flatMap((group, index) => {
    const link = found[index];
    return link === undefined ? [] : [{ group, link }];
  });
}

async function keysOf(groupId: string, accountId: string, { database }: SessionContext): Promise<Write[]> {
  const kept = await database.list({ collection: oldKeys(groupId, accountId), where: [], fields: ['keyEpoch'] });
  return kept.map(({ ref }) => erase(ref));
}

function leave(group: Stored<Group>, link: Stored<Link>, fate: Fate, now: number): Write[] {
  const gone = fate === 'deleted' ? { deletedAt: now } : {};
  const promoted = typeof fate === 'object' ? [update(fate.admin, { role: 'admin' as const })] : [];
  return [memberLeft(group, gone), remove(link), ...promoted];
}

/** @throws Problem `GROUPS_ORPHANED` naming every group without one */
async function decide(held: readonly Held[], leaving: Leaving, context: SessionContext): Promise<Fate[]> {
  const admins = await otherTeamAdmins(leaving, context);
  const fates = await Promise.all(held.map((each) => fateOf(each, leaving, admins, context)));
  const orphans = held.filter((_each, index) => fates[index] === undefined);
  if (orphans.length > 0) {
    const named = await Promise.all(orphans.map((orphan) => describe(orphan, context)));
    const detail = `Groups that would have nobody left to manage or to open them: ${orphans.length}.`;
    throw new Problem('GROUPS_ORPHANED', detail, { groups: named });
  }
  return fates.filter((fate) => fate !== undefined);
}

async function fateOf(
  held: Held,
  { member, handOver }: Leaving,
  teamAdmins: readonly string[],
  context: SessionContext,
): Promise<Fate | undefined> {
  const { group, link } = held;
  const { database } = context;
  const { deletedAt, lost } = group.data;
  if (deletedAt !== null || (await isCarriedOn(held, context))) return 'goes-on';
  const wish = handOver.find(({ groupId }) => groupId === group.id);
  if (wish?.to === null) return 'deleted';
  if (link.data.role !== 'admin') return undefined;
  const heirs = wish === undefined ? teamAdmins : [wish.to].filter((accountId) => accountId !== member.id);
  const found = await database.get(...heirs.map((accountId) => links(group.id).doc(accountId)));
  const admin = found.find((each) => each !== undefined && (lost || each.data.state === 'active'));
  return admin === undefined ? undefined : { admin };
}

/**
 * Whether somebody else can do there what this member can: an admin for an admin, else anybody who can open it. Nobody
 * can open a group that is lost, which its admins can still begin anew.
 */
async function isCarriedOn({ group, link }: Held, { database }: SessionContext): Promise<boolean> {
  const isAdmin = link.data.role === 'admin';
  if (group.data.lost && !isAdmin) return true;
  const byRole = isAdmin ? ([['role', '==', 'admin']] as const) : [];
  const byState = group.data.lost ? [] : ([['state', '==', 'active']] as const);
  const others = await database.list({
    collection: links(group.id),
    where: [...byRole, ...byState],
    fields: ['accountId'],
    limit: 2,
  });
  return others.some(({ id }) => id !== link.id);
}

/** The caller first, who knows what is going on. */
async function otherTeamAdmins({ team, member }: Leaving, { database, caller }: SessionContext): Promise<string[]> {
  const ids = (await teamAdmins(database, team.id)).filter((id) => id !== member.id);
  return ids.sort((a, b) => Number(b === caller.accountId) - Number(a === caller.accountId));
}

async function describe({ group, link }: Held, { database }: SessionContext) {
  const where = group.data.lost ? [] : ([['state', '==', 'active']] as const);
  const active = await database.list({ collection: links(group.id), where, fields: ['accountId', 'role'] });
  const holders = active.filter(({ id }) => id !== link.id).map(({ id, data: { role } }) => ({ accountId: id, role }));
  return { groupId: group.id, name: group.data.name, holders };
}
