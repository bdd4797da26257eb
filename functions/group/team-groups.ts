import type { SessionContext } from '../../shared/platform/context.ts';
import type { Stored } from '../../shared/store/database.ts';
import { type Group, groups } from '../../shared/store/groups.ts';
import { personalTeamOf } from '../../shared/store/teams.ts';
import { membershipsOf } from '../team/memberships.ts';
import { teamAdmins } from '../team/team-admins.ts';
import { namesOf, someGrantors } from './grantors.ts';

/** Every group of every team that the caller shares with others, deleted ones included, key or no key. */
export async function teamGroupsOf({ database, caller }: SessionContext): Promise<Stored<Group>[]> {
  const { accountId } = caller;
  const mine = (await membershipsOf(database, accountId)).filter(
    ({ data }) => data.teamId !== personalTeamOf(accountId),
  );
  const found = mine.map(({ data }) => database.list({ collection: groups, where: [['teamId', '==', data.teamId]] }));
  return (await Promise.all(found)).flat();
}

/** The same groups, each with some who can grant its key. */
export async function waitingGroups(waiting: readonly Stored<Group>[], { database }: SessionContext) {
  const teamIds = [...new Set(waiting.map(({ data }) => data.teamId))];
  const adminsOf = new Map(
    await Promise.all(teamIds.map(async (teamId) => [teamId, await teamAdmins(database, teamId)] as const)),
  );
  const granting = await Promise.all(
    waiting.map(async (group) => ({
      group,
      those: await someGrantors(database, group, adminsOf.get(group.data.teamId) ?? []),
    })),
  );
  const name = await namesOf(
    granting.flatMap(({ those }) => those),
    database,
  );
  return granting.map(({ group, those }) => ({ group, grantedBy: name(those) }));
}
