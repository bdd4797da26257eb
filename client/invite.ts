import type * as z from 'zod';
import {
  inviteAccept,
  inviteConfirm,
  inviteCreate,
  inviteDecline,
  inviteList,
  inviteRevoke,
} from '../shared/protocol/invite.ts';
import { limits } from '../shared/protocol/limits.ts';
import type { TeamRole } from '../shared/protocol/team.ts';
import { type Group, share, wrapKeys } from './group.ts';
import type { Session } from './log-in.ts';
import { type Compare, compared } from './team.ts';

type Listed = z.output<typeof inviteList.output>;
export type SentInvite = Listed['sent'][number];
export type ReceivedInvite = Listed['received'][number];

/** How one names an invite to oneself: from the list, or by the code from its mail. */
export type NamedInvite = { readonly inviteId: string } | { readonly code: string };

/**
 * Invites an address into a team, whether it has an account or not: the answer does not tell. Again sends another mail.
 * @throws {CallFailed} `MEMBER_EXISTS`, `ROLE_REQUIRED`, `PERSONAL_TEAM`, `RATE_LIMITED`
 */
export async function invite({ connection }: Session, teamId: string, email: string, role: TeamRole): Promise<string> {
  return (await connection.post('invite-create', inviteCreate, { teamId, email, role })).inviteId;
}

/** Those of the teams one is an admin of, and those that wait for oneself. */
export async function listInvites({ connection }: Session): Promise<Listed> {
  return connection.get('invite-list', inviteList, {});
}

/** Joins the team; keys come when an admin confirms. @throws {CallFailed} `INVITE_OVER`, `INVITE_NOT_FOUND` */
export async function acceptInvite({ connection }: Session, named: NamedInvite) {
  return connection.post('invite-accept', inviteAccept, named);
}

/** @throws {CallFailed} `INVITE_OVER`, `INVITE_NOT_FOUND` */
export async function declineInvite({ connection }: Session, named: NamedInvite): Promise<void> {
  await connection.post('invite-decline', inviteDecline, named);
}

/** Takes an invite back that nobody has accepted. @throws {CallFailed} `MEMBER_EXISTS`, `INVITE_OVER` */
export async function revokeInvite({ connection }: Session, inviteId: string): Promise<void> {
  await connection.post('invite-revoke', inviteRevoke, { inviteId });
}

/**
 * Gives somebody who has accepted an invite the keys of the team's groups, earlier keys too, all at once. Groups whose
 * earlier keys are too many for one call follow one by one.
 * @param groups those whose keys are open here; of the team's the others are left waiting
 * @param compare asked before anything is wrapped
 * @returns the groups the new member still has no key to
 * @throws {FingerprintRefused} when `compare` says that the key is not theirs: nothing was given
 * @throws {CallFailed} `FINGERPRINT_MISMATCH` when the key has changed meanwhile, `KEY_EPOCH_STALE`, `INVITE_OVER`
 */
export async function confirmInvite(
  session: Session,
  { inviteId, teamId, role, accepted }: SentInvite,
  groups: readonly Group[],
  compare: Compare,
): Promise<string[]> {
  if (accepted === undefined) throw new TypeError('Only an accepted invite can be confirmed.');
  const person = await compared(accepted, compare);
  const held = groups.filter((group) => group.teamId === teamId);
  const { together, later } = withinOneCall(held);
  const wrapping = together.map(async (group) => ({
    groupId: group.id,
    ...(await wrapKeys(group, person.publicKey)),
  }));
  const links = await Promise.all(wrapping);
  const confirmation = { inviteId, publicKeyFingerprint: person.fingerprint, links };
  const { waiting } = await session.connection.post('invite-confirm', inviteConfirm, confirmation);
  for (const group of later) await share(session, group, person, role === 'admin' ? 'admin' : 'editor');
  const given = new Set(later.map(({ id }) => id));
  return waiting.filter((id) => !given.has(id));
}

/** As many groups as one call takes with their earlier keys, and the rest. */
function withinOneCall(groups: readonly Group[]) {
  const together: Group[] = [];
  const later: Group[] = [];
  let oldKeys = 0;
  for (const group of groups) {
    const more = group.keys.size - 1;
    const fits = oldKeys + more <= limits.confirmOldKeys && together.length < limits.teamGroups;
    (fits ? together : later).push(group);
    if (fits) oldKeys += more;
  }
  return { together, later };
}
