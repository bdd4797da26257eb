import type { Role } from '../../shared/protocol/fields.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { create, type Stored, set, update, type Write } from '../../shared/store/database.ts';
import { type Group, type Link, links, oldKeys } from '../../shared/store/groups.ts';
import { requireKeyEpoch } from '../group/membership.ts';
import { quotaExceeded } from '../group/quota.ts';

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
export const grantProblems = ['KEY_EPOCH_STALE', 'LINK_EXISTS', 'QUOTA_EXCEEDED'] as const;

/**
 * The writes that give an account a group's key, or another one where its link waits for that.
 * @param existing the account's link, if it has one
 * @throws Problem `KEY_EPOCH_STALE`, `LINK_EXISTS`, `QUOTA_EXCEEDED`; `INVALID_INPUT` for an old key that is none
 */
export function grantKey(group: Stored<Group>, existing: Stored<Link> | undefined, grant: Grant, now: number): Write[] {
  const { accountId, role, encSymmetricKey, keyEpoch } = grant;
  requireKeyEpoch(group, keyEpoch);
  const kept = wrappedOldKeys(group, grant);
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

/** @throws Problem `INVALID_INPUT` when one is of an epoch that is not over */
function wrappedOldKeys({ id: groupId }: Stored<Group>, grant: Grant): Write[] {
  const { accountId, keyEpoch: current, path: place } = grant;
  return grant.oldKeys.map(({ keyEpoch, encSymmetricKey }, index) => {
    if (keyEpoch >= current) {
      const message = `must be below the group's key epoch, ${current}`;
      const path = `${place}/oldKeys/${index}/keyEpoch`;
      throw new Problem('INVALID_INPUT', `${path}: ${message}`, { errors: [{ path, message }] });
    }
    return set(oldKeys(groupId, accountId).doc(String(keyEpoch)), { groupId, keyEpoch, encSymmetricKey });
  });
}
