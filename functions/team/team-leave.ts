import { audit } from '../../shared/platform/audit.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { teamLeave as wire } from '../../shared/protocol/team.ts';
import { departure, departureProblems } from './departure.ts';
import { teamMembership, teamMembershipProblems } from './team-membership.ts';

export const teamLeave = httpFunction('team-leave', {
  POST: sessionOperation({
    summary: 'Leave a team and all its groups; its last admin cannot',
    about: 'Groups that nobody else could go on with need a choice in `handOver`.',
    ...wire,
    success: 200,
    problems: [...teamMembershipProblems, ...departureProblems],
    writes: true,
    handle: ({ teamId, handOver }, context) =>
      optimistic(async () => {
        const { team, member } = await teamMembership(context, teamId, 'member');
        const { writes, rotationRequired } = await departure({ team, member, handOver }, context);
        const told = audit(context, context.caller.accountId, 'team-left');
        return context.commit({ left: true as const, rotationRequired }, [...writes, told]);
      }),
  }),
});
