import type { SessionContext } from '../../shared/platform/context.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import type { TeamRole } from '../../shared/protocol/team.ts';
import type { Found, Ref, Stored } from '../../shared/store/database.ts';
import { type Team, type TeamMember, teamMembers, teams } from '../../shared/store/teams.ts';

/** What `teamMembership` can answer. */
export const teamMembershipProblems = ['TEAM_NOT_FOUND', 'ROLE_REQUIRED'] as const;

/**
 * The team and the caller's place in it, read together with `more` in one round trip.
 * @throws Problem `TEAM_NOT_FOUND` when there is no such team or the caller is not in it, `ROLE_REQUIRED`
 */
export async function teamMembership<const R extends readonly Ref<unknown>[]>(
  { database, caller }: SessionContext,
  teamId: string,
  required: TeamRole,
  ...more: R
): Promise<{ team: Stored<Team>; member: Stored<TeamMember>; found: Found<R> }> {
  const [team, member, ...found] = await database.get(
    teams.doc(teamId),
    teamMembers(teamId).doc(caller.accountId),
    ...more,
  );
  if (team === undefined || member === undefined) {
    throw new Problem('TEAM_NOT_FOUND', 'There is no such team, or you are no member of it.', { teamId });
  }
  const { role } = member.data;
  if (required === 'admin' && role !== 'admin') {
    throw new Problem('ROLE_REQUIRED', `This needs the role ${required}; yours is ${role}.`, { required, role });
  }
  return { team, member, found: found as Found<R> };
}

/** @throws Problem `PERSONAL_TEAM` */
export function requireShared({ id, data }: Stored<Team>): void {
  if (data.personal) throw new Problem('PERSONAL_TEAM', 'This is a personal team.', { teamId: id });
}

/** @throws Problem `MEMBER_NOT_FOUND` */
export function requireMember(member: Stored<TeamMember> | undefined, accountId: string): Stored<TeamMember> {
  if (member !== undefined) return member;
  throw new Problem('MEMBER_NOT_FOUND', 'That account is no member of the team.', { accountId });
}

/**
 * To be asked after the team was read, and before a commit that changes the team: so two admins cannot go at once.
 * @throws Problem `LAST_TEAM_ADMIN`
 */
export async function requireAnotherTeamAdmin(
  teamId: string,
  accountId: string,
  { database }: SessionContext,
): Promise<void> {
  const admins = await database.list({ collection: teamMembers(teamId), where: [['role', '==', 'admin']], limit: 2 });
  if (admins.some(({ id }) => id !== accountId)) return;
  throw new Problem('LAST_TEAM_ADMIN', 'That account is the only admin of the team.', { accountId });
}
