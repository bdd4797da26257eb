import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { groupLeave as wire } from '../../shared/protocol/group.ts';
import { membership, membershipProblems } from './membership.ts';
import { removeMember } from './remove-member.ts';

export const groupLeave = httpFunction('group-leave', {
  POST: sessionOperation({
    summary: 'Leave a group; its last admin cannot',
    ...wire,
    success: 200,
    problems: [...membershipProblems, 'LAST_ADMIN'],
    writes: true,
    handle: ({ groupId }, context) =>
      optimistic(async () => {
        const { group, link } = await membership(context, groupId, 'viewer');
        return context.commit({ left: true as const }, await removeMember(group, link, context));
      }),
  }),
});
