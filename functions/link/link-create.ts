import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { linkCreate as wire } from '../../shared/protocol/group.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { create, update } from '../../shared/store/database.ts';
import { links } from '../../shared/store/groups.ts';
import { membership, requireKeyEpoch } from '../group/membership.ts';

type Input = (typeof wire.input)['_output'];

export const linkCreate = httpFunction('link-create', {
  POST: sessionOperation({
    summary: 'Share a group: its key, wrapped by the caller to the other account',
    ...wire,
    success: 201,
    problems: ['GROUP_NOT_FOUND', 'ROLE_REQUIRED', 'KEY_EPOCH_STALE', 'ACCOUNT_NOT_FOUND', 'LINK_EXISTS'],
    writes: true,
    handle: (input, context) => optimistic(() => share(input, context)),
  }),
});

async function share({ groupId, accountId, role, encSymmetricKey, keyEpoch }: Input, context: SessionContext) {
  const linkRef = links(groupId).doc(accountId);
  const { group, found } = await membership(context, groupId, 'admin', accounts.doc(accountId), linkRef);
  requireKeyEpoch(group, keyEpoch);
  const [account, existing] = found;
  if (account === undefined) throw new Problem('ACCOUNT_NOT_FOUND', 'There is no such account.', { accountId });
  const state = 'active' as const;
  const answer = { accountId, role, keyEpoch, state };
  if (existing !== undefined) {
    if (existing.data.state === 'active')
      throw new Problem('LINK_EXISTS', 'That account is a member already.', { accountId });
    return context.commit(answer, [
      update(group, { members: group.data.members }),
      update(existing, { role, encSymmetricKey, keyEpoch, state }),
    ]);
  }
  const link = { accountId, groupId, role, encSymmetricKey, keyEpoch, state, created: context.clock.now() };
  // Writing the group too keeps a rotation that runs at the same time from missing the new member.
  return context.commit(answer, [update(group, { members: group.data.members + 1 }), create(linkRef, link)]);
}
