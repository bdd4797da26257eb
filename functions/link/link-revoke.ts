import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { linkRevoke as wire } from '../../shared/protocol/group.ts';
import { links } from '../../shared/store/groups.ts';
import { membership, membershipProblems } from '../group/membership.ts';
import { removeMember, requireLink } from '../group/remove-member.ts';

export const linkRevoke = httpFunction('link-revoke', {
  POST: sessionOperation({
    summary: 'Remove a member; nothing is written to the group until an admin has rotated its key',
    about:
      'What the member has read it has read. Pushes under the epoch that stood are refused from now on; rotate the key.',
    ...wire,
    success: 200,
    problems: [...membershipProblems, 'LINK_NOT_FOUND', 'LAST_ADMIN'],
    writes: true,
    handle: ({ groupId, accountId }, context) =>
      optimistic(async () => {
        const { group, found } = await membership(context, groupId, 'admin', links(groupId).doc(accountId));
        const link = requireLink(found[0], accountId);
        return context.commit({ rotationRequired: true as const }, await removeMember(group, link, context));
      }),
  }),
});
