import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { teamDelete as wire } from '../../shared/protocol/team.ts';
import { remove } from '../../shared/store/database.ts';
import { groups } from '../../shared/store/groups.ts';
import { teamMembers } from '../../shared/store/teams.ts';
import { requireShared, teamMembership, teamMembershipProblems } from './team-membership.ts';

export const teamDelete = httpFunction('team-delete', {
  POST: sessionOperation({
    summary: 'Delete a team that has no groups any more; deleted groups of it can then no longer be restored',
    ...wire,
    success: 200,
    problems: [...teamMembershipProblems, 'PERSONAL_TEAM', 'TEAM_IN_USE'],
    writes: true,
    handle: ({ teamId }, context) => optimistic(() => dissolve(teamId, context)),
  }),
});

async function dissolve(teamId: string, context: SessionContext) {
  const { database, caller } = context;
  const { team } = await teamMembership(context, teamId, 'admin');
  requireShared(team);
  const where = [['teamId', '==', teamId]] as const;
  const all = await database.list({ collection: groups, where, fields: ['deletedAt'] });
  const living = all.filter(({ data }) => data.deletedAt === null).length;
  if (living > 0) {
    throw new Problem('TEAM_IN_USE', `Groups that this team still has: ${living}.`, { groups: living });
  }
  const members = await database.list({ collection: teamMembers(teamId), where: [] });
  return context.commit({ deleted: true as const }, [
    remove(team),
    ...members.map(remove),
    audit(context, caller.accountId, 'team-deleted'),
  ]);
}
