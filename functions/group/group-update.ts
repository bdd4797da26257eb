import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { groupUpdate as wire } from '../../shared/protocol/group.ts';
import { update } from '../../shared/store/database.ts';
import { membership, membershipProblems } from './membership.ts';

export const groupUpdate = httpFunction('group-update', {
  POST: sessionOperation({
    summary: 'Rename a group',
    ...wire,
    success: 200,
    problems: [...membershipProblems],
    writes: true,
    handle: ({ groupId, name }, context) =>
      optimistic(async () => {
        const { group } = await membership(context, groupId, 'admin');
        return context.commit({ id: groupId, name }, [update(group, { name })]);
      }),
  }),
});
