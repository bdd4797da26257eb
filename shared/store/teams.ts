import type { TeamRole } from '../protocol/team.ts';
import { type Collection, collection } from './database.ts';

/** People who work together, and the groups that belong to them. Every account has a personal one besides. */
export interface Team {
  readonly name: string;
  /** One account's own: nobody joins it, leaves it or deletes it. */
  readonly personal: boolean;
  readonly created: number;
  readonly createdBy: string;
  readonly members: number;
  /** Groups that are not purged yet, deleted ones included. Not counted of a personal team, which has no such limit. */
  readonly groups: number;
  /** Counts changes to members. Firestore takes a write that changes nothing for none, and then guards nothing. */
  readonly memberChanges: number;
}

export const teams = collection<Team>('teams');

/** Key: the account. */
export interface TeamMember {
  readonly teamId: string;
  readonly accountId: string;
  readonly role: TeamRole;
  readonly joined: number;
}

export const teamMembers = (teamId: string): Collection<TeamMember> =>
  collection<TeamMember>(`teams/${teamId}/members`);

/** The members of every team, for queries by account. */
export const allTeamMembers = collection<TeamMember>('members');

/** The id of an account's personal team. */
export const personalTeamOf = (accountId: string): string => accountId.replace(/^acct_/, 'team_');

/** Whether a group belongs to one account alone, guests aside: only its owner makes groups in a personal team. */
export const inPersonalTeam = ({ teamId, createdBy }: { teamId: string; createdBy: string }): boolean =>
  teamId === personalTeamOf(createdBy);
