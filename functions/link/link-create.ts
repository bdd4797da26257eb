import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { linkCreate as wire } from '../../shared/protocol/group.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { create, update } from '../../shared/store/database.ts';
import { links } from '../../shared/store/groups.ts';
import { membership, membershipProblems, requireKeyEpoch } from '../group/membership.ts';
import { quotaExceeded } from '../group/quota.ts';
import { wrappedOldKeys } from './old-keys.ts';

type Input = (typeof wire.input)['_output'];

export const linkCreate = httpFunction('link-create', {
  POST: sessionOperation({
    summary: 'Share a group: its key, wrapped by the caller to the other account',
    ...wire,
    success: 201,
    problems: [...membershipProblems, 'KEY_EPOCH_STALE', 'ACCOUNT_NOT_FOUND', 'LINK_EXISTS', 'QUOTA_EXCEEDED'],
    writes: true,
    bodyBytes: limits.keysBodyBytes,
    handle: (input, context) => optimistic(() => share(input, context)),
  }),
});

async function share(input: Input, context: SessionContext) {
  const { groupId, accountId, role, encSymmetricKey, keyEpoch } = input;
  const linkRef = links(groupId).doc(accountId);
  const { group, link, found } = await membership(context, groupId, 'admin', accounts.doc(accountId), linkRef);
  requireKeyEpoch({ group, link }, keyEpoch);
  const keys = wrappedOldKeys(input);
  const [account, existing] = found;
  if (account === undefined) throw new Problem('ACCOUNT_NOT_FOUND', 'There is no such account.', { accountId });
  const state = 'active' as const;
  const answer = { accountId, role, keyEpoch, state };
  // Writing the group too keeps a rotation that runs at the same time from missing the link.
  const { members } = group.data;
  const linkChanges = group.data.linkChanges + 1;
  if (existing !== undefined) {
    if (existing.data.state === 'active')
      throw new Problem('LINK_EXISTS', 'That account is a member already.', { accountId });
    const rekeyed = update(existing, { role, encSymmetricKey, keyEpoch, state });
    return context.commit(answer, [update(group, { linkChanges }), rekeyed, ...keys]);
  }
  if (members >= limits.groupMembers) throw quotaExceeded('groupMembers', limits.groupMembers, members, 1);
  const added = { accountId, groupId, role, encSymmetricKey, keyEpoch, state, created: context.clock.now() };
  return context.commit(answer, [
    update(group, { members: members + 1, linkChanges }),
    create(linkRef, added),
    ...keys,
  ]);
}
