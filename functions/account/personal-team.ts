import { type CreateWrite, create, erase, type Write } from '../../shared/store/database.ts';
import { personalTeamOf, teamMembers, teams } from '../../shared/store/teams.ts';

/** The team and its one member. */
function personalTeam(accountId: string) {
  const id = personalTeamOf(accountId);
  return [teams.doc(id), teamMembers(id).doc(accountId)] as const;
}

/** What an account makes without naming a team belongs to this one. */
export function createPersonalTeam(accountId: string, created: number): CreateWrite[] {
  const [team, member] = personalTeam(accountId);
  const start = { created, createdBy: accountId, members: 1, groups: 0, memberChanges: 0 };
  return [
    create(team, { name: 'Personal', personal: true, ...start }),
    create(member, { teamId: personalTeamOf(accountId), accountId, role: 'admin', joined: created }),
  ];
}

/** For the commit that takes the account away. */
export const erasePersonalTeam = (accountId: string): Write[] => personalTeam(accountId).map(erase);
