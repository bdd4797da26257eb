import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { linkUpdate as wire } from '../../shared/protocol/group.ts';
import { update } from '../../shared/store/database.ts';
import { links } from '../../shared/store/groups.ts';
import { membership, membershipProblems } from '../group/membership.ts';
import { requireAnotherAdmin, requireLink } from '../group/remove-member.ts';

type Input = (typeof wire.input)['_output'];

export const linkUpdate = httpFunction('link-update', {
  POST: sessionOperation({
    summary: 'Give a member another role',
    ...wire,
    success: 200,
    problems: [...membershipProblems, 'LINK_NOT_FOUND', 'LAST_ADMIN'],
    writes: true,
    handle: (input, context) => optimistic(() => changeRole(input, context)),
  }),
});

async function changeRole({ groupId, accountId, role }: Input, context: SessionContext) {
  const { group, found } = await membership(context, groupId, 'admin', links(groupId).doc(accountId));
  const link = requireLink(found[0], accountId);
  if (link.data.role === role) return context.commit({ accountId, role }, []);
  if (link.data.role === 'admin') await requireAnotherAdmin(groupId, accountId, context);
  // Writing the group too keeps two admins from taking each other's role at the same moment.
  const writes = [update(group, { members: group.data.members }), update(link, { role })];
  return context.commit({ accountId, role }, writes);
}
