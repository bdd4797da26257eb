import type { SessionContext } from '../../shared/platform/context.ts';
import { retention } from '../../shared/platform/settings.ts';
import type { Role } from '../../shared/protocol/fields.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import type { Found, Ref, Stored } from '../../shared/store/database.ts';
import { type Group, groups, type Link, links } from '../../shared/store/groups.ts';
import { inPersonalTeam, type TeamMember, teamMembers } from '../../shared/store/teams.ts';

/** Admin may everything that editor may, editor everything that viewer may. */
const rank: Readonly<Record<Role, number>> = { viewer: 0, editor: 1, admin: 2 };

export interface Membership {
  readonly group: Stored<Group>;
  readonly link: Stored<Link>;
}

/** What `membership` can answer. */
export const membershipProblems = [
  'GROUP_NOT_FOUND',
  'KEY_NOT_GRANTED',
  'GROUP_DELETED',
  'ROLE_REQUIRED',
  'LINK_NEEDS_REKEY',
] as const;

/**
 * The living group and the caller's link to it, read together with `more` in one round trip.
 * @throws Problem `GROUP_NOT_FOUND` when there is no such group or no such link, `KEY_NOT_GRANTED` when the caller is in
 * the group's team, `GROUP_DELETED`, `ROLE_REQUIRED`, `LINK_NEEDS_REKEY`
 */
export async function membership<const R extends readonly Ref<unknown>[]>(
  context: SessionContext,
  groupId: string,
  required: Role,
  ...more: R
): Promise<Membership & { found: Found<R> }> {
  const read = await anyMembership(context, groupId, required, ...more);
  const { deletedAt } = read.group.data;
  if (deletedAt === null) return read;
  const restorableUntil = deletedAt + retention(context.settings);
  throw new Problem('GROUP_DELETED', 'An admin has deleted this group.', { groupId, deletedAt, restorableUntil });
}

/**
 * The same, whether the group lives or has been deleted. A team's admin who has a key acts as an admin of its groups.
 * @throws Problem `GROUP_NOT_FOUND`, `KEY_NOT_GRANTED`, `ROLE_REQUIRED`, `LINK_NEEDS_REKEY`
 */
export async function anyMembership<const R extends readonly Ref<unknown>[]>(
  context: SessionContext,
  groupId: string,
  required: Role,
  ...more: R
): Promise<Membership & { found: Found<R> }> {
  const [group, link, ...found] = await context.database.get(
    groups.doc(groupId),
    links(groupId).doc(context.caller.accountId),
    ...more,
  );
  if (group === undefined || link === undefined) throw await notLinked(groupId, group, context);
  const { role } = link.data;
  if (rank[role] < rank[required] && (await placeInTeam(group, context))?.data.role !== 'admin') {
    throw new Problem('ROLE_REQUIRED', `This needs the role ${required}; yours is ${role}.`, { required, role });
  }
  // Who holds the mailbox of a member can reset the passphrase: until a person has let it in again, it rules nothing.
  if (required !== 'viewer' && !group.data.lost) requireKey(link);
  return { group, link, found: found as Found<R> };
}

/** @throws Problem `LINK_NEEDS_REKEY` */
export function requireKey({ data: { groupId, state } }: Stored<Link>): void {
  if (state === 'active') return;
  throw new Problem('LINK_NEEDS_REKEY', 'Your passphrase was reset: this group waits to be opened for you again.', {
    groupId,
  });
}

async function notLinked(groupId: string, group: Stored<Group> | undefined, context: SessionContext): Promise<Problem> {
  if (group !== undefined && (await placeInTeam(group, context)) !== undefined) {
    return new Problem('KEY_NOT_GRANTED', 'Nobody has given you the key to this group of your team yet.', { groupId });
  }
  return new Problem('GROUP_NOT_FOUND', 'There is no such group, or you are no member of it.', { groupId });
}

/** The caller's place in the group's team; nobody has one in somebody's personal team. */
async function placeInTeam(
  { data }: Stored<Group>,
  { database, caller }: SessionContext,
): Promise<Stored<TeamMember> | undefined> {
  if (inPersonalTeam(data)) return undefined;
  const [member] = await database.get(teamMembers(data.teamId).doc(caller.accountId));
  return member;
}

/** @throws Problem `LINK_NEEDS_REKEY`; `KEY_EPOCH_STALE` unless `keyEpoch` is the group's and its key need not be rotated */
export function requireKeyEpoch({ group: { id: groupId, data }, link }: Membership, keyEpoch: number): void {
  requireKey(link);
  const { rotationRequired } = data;
  if (keyEpoch === data.keyEpoch && !rotationRequired) return;
  const detail = rotationRequired
    ? 'A member has left: an admin must rotate the group key before anything is written.'
    : `The group is at key epoch ${data.keyEpoch}, not ${keyEpoch}.`;
  throw new Problem('KEY_EPOCH_STALE', detail, { groupId, keyEpoch: data.keyEpoch, rotationRequired });
}
