import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { teamUpdate as wire } from '../../shared/protocol/team.ts';
import { update } from '../../shared/store/database.ts';
import { teamMembership, teamMembershipProblems } from './team-membership.ts';

export const teamUpdate = httpFunction('team-update', {
  POST: sessionOperation({
    summary: 'Rename a team',
    ...wire,
    success: 200,
    problems: [...teamMembershipProblems],
    writes: true,
    handle: ({ teamId, name }, context) =>
      optimistic(async () => {
        const { team } = await teamMembership(context, teamId, 'admin');
        return context.commit({ id: teamId, name }, [update(team, { name })]);
      }),
  }),
});
