import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { teamMemberRole as wire } from '../../shared/protocol/team.ts';
import { update } from '../../shared/store/database.ts';
import { teamMembers } from '../../shared/store/teams.ts';
import { auditOther } from './audit-other.ts';
import {
  requireAnotherTeamAdmin,
  requireMember,
  requireShared,
  teamMembership,
  teamMembershipProblems,
} from './team-membership.ts';

type Input = (typeof wire.input)['_output'];

export const teamMemberRole = httpFunction('team-member-role', {
  POST: sessionOperation({
    summary: 'Make a member of a team its admin, or an admin a member',
    ...wire,
    success: 200,
    problems: [...teamMembershipProblems, 'MEMBER_NOT_FOUND', 'LAST_TEAM_ADMIN', 'PERSONAL_TEAM'],
    writes: true,
    handle: (input, context) => optimistic(() => changeRole(input, context)),
  }),
});

async function changeRole({ teamId, accountId, role }: Input, context: SessionContext) {
  const { team, found } = await teamMembership(context, teamId, 'admin', teamMembers(teamId).doc(accountId));
  requireShared(team);
  const member = requireMember(found[0], accountId);
  if (member.data.role === role) return context.commit({ accountId, role }, []);
  if (role !== 'admin') await requireAnotherTeamAdmin(teamId, accountId, context);
  return context.commit({ accountId, role }, [
    update(team, { memberChanges: team.data.memberChanges + 1 }),
    update(member, { role }),
    audit(context, context.caller.accountId, 'team-role-changed'),
    ...auditOther(context, accountId, 'team-role-changed'),
  ]);
}
