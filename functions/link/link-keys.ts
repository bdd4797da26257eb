import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { linkKeys as wire } from '../../shared/protocol/group.ts';
import { oldKeys } from '../../shared/store/groups.ts';
import { membership, membershipProblems } from '../group/membership.ts';

export const linkKeys = httpFunction('link-keys', {
  GET: sessionOperation({
    summary: 'The keys that a group has had, each wrapped to the caller: for content of earlier key epochs',
    ...wire,
    success: 200,
    problems: [...membershipProblems],
    handle: async ({ groupId }, context) => {
      const { link } = await membership(context, groupId, 'viewer');
      const { accountId } = context.caller;
      const kept = await context.database.list({
        collection: oldKeys(groupId, accountId),
        where: [],
        orderBy: 'keyEpoch',
      });
      const keys = [...kept, link].map(({ data: { keyEpoch, encSymmetricKey } }) => ({ keyEpoch, encSymmetricKey }));
      return { keys };
    },
  }),
});
