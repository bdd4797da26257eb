import type { Role } from '../../shared/protocol/fields.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { create, type Stored, update, type Write } from '../../shared/store/database.ts';
import { type Link, links } from '../../shared/store/groups.ts';
import { type Membership, requireKeyEpoch } from '../group/membership.ts';
import { quotaExceeded } from '../group/quota.ts';
import { wrappedOldKeys } from './old-keys.ts';

interface Grant {
  readonly accountId: string;
  readonly role: Role;
  readonly keyEpoch: number;
  readonly encSymmetricKey: string;
  readonly oldKeys: readonly { readonly keyEpoch: number; readonly encSymmetricKey: string }[];
  /** JSON pointer to the fields of this grant in the input. */
  readonly path: string;
}

/** What `grantKey` can answer. */
export const grantProblems = ['LINK_NEEDS_REKEY', 'KEY_EPOCH_STALE', 'LINK_EXISTS', 'QUOTA_EXCEEDED'] as const;

/**
 * The writes that give an account a group's key, or another one where its link waits for that.
 * @param own the group and the caller's link to it
 * @param existing the account's link, if it has one
 * @throws Problem `LINK_NEEDS_REKEY`, `KEY_EPOCH_STALE`, `LINK_EXISTS`, `QUOTA_EXCEEDED`; `INVALID_INPUT` for an old key that is none
 */
export function grantKey(own: Membership, existing: Stored<Link> | undefined, grant: Grant, now: number): Write[] {
  const { group } = own;
  const { accountId, role, encSymmetricKey, keyEpoch } = grant;
  requireKeyEpoch(own, keyEpoch);
  const kept = wrappedOldKeys({ ...grant, groupId: group.id }, grant.path);
  const link = { role, encSymmetricKey, keyEpoch, state: 'active' as const };
  // Writing the group too keeps a rotation that runs at the same time from missing the link.
  const { members } = group.data;
  const linkChanges = group.data.linkChanges + 1;
  if (existing !== undefined) {
    if (existing.data.state === 'active')
      throw new Problem('LINK_EXISTS', 'That account is a member already.', { accountId });
    return [update(group, { linkChanges }), update(existing, link), ...kept];
  }
  if (members >= limits.groupMembers) throw quotaExceeded('groupMembers', limits.groupMembers, members, 1);
  const fresh = create(links(group.id).doc(accountId), { accountId, groupId: group.id, ...link, created: now });
  return [update(group, { members: members + 1, linkChanges }), fresh, ...kept];
}
