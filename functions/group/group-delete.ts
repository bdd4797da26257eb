import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { retention } from '../../shared/platform/settings.ts';
import { groupDelete as wire } from '../../shared/protocol/group.ts';
import { update } from '../../shared/store/database.ts';
import { membership, membershipProblems } from './membership.ts';

export const groupDelete = httpFunction('group-delete', {
  POST: sessionOperation({
    summary: 'Delete a group for everybody; an admin can restore it until the retention time has passed',
    ...wire,
    success: 200,
    problems: [...membershipProblems],
    writes: true,
    handle: ({ groupId }, context) =>
      optimistic(async () => {
        const { group } = await membership(context, groupId, 'admin');
        const deletedAt = context.clock.now();
        const restorableUntil = deletedAt + retention(context.settings);
        return context.commit({ deletedAt, restorableUntil }, [update(group, { deletedAt })]);
      }),
  }),
});
