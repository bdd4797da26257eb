import { sha256Hex } from '../../shared/platform/hash.ts';
import type { InviteState } from '../../shared/protocol/invite.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import type { Database, Stored } from '../../shared/store/database.ts';
import type { Invite } from '../../shared/store/invites.ts';
import { type Team, type TeamMember, teamMembers, teams } from '../../shared/store/teams.ts';

/** Where the one invite of an address to a team is kept. */
export const inviteIdOf = (teamId: string, emailHash: string): string =>
  `inv_${sha256Hex('invite', teamId, emailHash).slice(0, 32)}`;

/** An invite, and what decides whether it still holds. */
export interface Standing {
  readonly invite: Stored<Invite>;
  readonly team: Stored<Team> | undefined;
  readonly state: InviteState;
}

/**
 * Invites as they stand now. What an admin has sent falls with the admin, so that nobody who is thrown out comes back by
 * an invite of their own; what somebody has accepted, with their membership. Three reads each.
 */
export async function standings(
  database: Database,
  invites: readonly Stored<Invite>[],
  now: number,
): Promise<Standing[]> {
  const nobody = 'nobody';
  const [found, inviters, members] = await Promise.all([
    database.get(...invites.map(({ data }) => teams.doc(data.teamId))),
    database.get(...invites.map(({ data }) => teamMembers(data.teamId).doc(data.invitedBy))),
    database.get(...invites.map(({ data }) => teamMembers(data.teamId).doc(data.accountId ?? nobody))),
  ]);
  return invites.map((invite, index) => {
    const team = found[index];
    const isThere = team !== undefined;
    return { invite, team, state: isThere ? stateOf(invite.data, inviters[index], members[index], now) : 'revoked' };
  });
}

function stateOf(
  { state, expires }: Invite,
  inviter: Stored<TeamMember> | undefined,
  member: Stored<TeamMember> | undefined,
  now: number,
): InviteState {
  if (state === 'accepted') return member === undefined ? 'revoked' : 'accepted';
  if (state !== 'pending') return state;
  if (inviter?.data.role !== 'admin') return 'revoked';
  return expires <= now ? 'expired' : 'pending';
}

export async function standing(database: Database, invite: Stored<Invite>, now: number): Promise<Standing> {
  const [only] = await standings(database, [invite], now);
  if (only === undefined) throw new Error('An invite has no standing.');
  return only;
}

export const inviteOver = (inviteId: string, state: InviteState): Problem =>
  new Problem('INVITE_OVER', `The invite is ${state}.`, { inviteId, state });
