import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { teamMemberRemove as wire } from '../../shared/protocol/team.ts';
import { teamMembers } from '../../shared/store/teams.ts';
import { auditOther } from './audit-other.ts';
import { departure, departureProblems } from './departure.ts';
import { requireMember, teamMembership, teamMembershipProblems } from './team-membership.ts';

type Input = (typeof wire.input)['_output'];

export const teamMemberRemove = httpFunction('team-member-remove', {
  POST: sessionOperation({
    summary: 'Take a member out of a team and of all its groups; their keys must be rotated then',
    about:
      'Groups that nobody else could go on with need a choice in `handOver`. Each group in `rotationRequired` takes no writes until an admin of it has rotated its key.',
    ...wire,
    success: 200,
    problems: [...teamMembershipProblems, 'MEMBER_NOT_FOUND', ...departureProblems],
    writes: true,
    handle: (input, context) => optimistic(() => takeOut(input, context)),
  }),
});

async function takeOut({ teamId, accountId, handOver }: Input, context: SessionContext) {
  const { team, found } = await teamMembership(context, teamId, 'admin', teamMembers(teamId).doc(accountId));
  const member = requireMember(found[0], accountId);
  const { writes, rotationRequired } = await departure({ team, member, handOver }, context);
  return context.commit({ accountId, rotationRequired }, [
    ...writes,
    audit(context, context.caller.accountId, 'team-member-removed'),
    ...auditOther(context, accountId, 'team-removed'),
  ]);
}
