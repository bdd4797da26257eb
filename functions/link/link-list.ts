import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { linkList as wire } from '../../shared/protocol/group.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { links } from '../../shared/store/groups.ts';
import { membership, membershipProblems } from '../group/membership.ts';

export const linkList = httpFunction('link-list', {
  GET: sessionOperation({
    summary: 'The members of a group',
    ...wire,
    success: 200,
    problems: [...membershipProblems],
    handle: async ({ groupId }, context) => {
      const { database } = context;
      await membership(context, groupId, 'viewer');
      const members = await database.list({ collection: links(groupId), where: [], orderBy: 'created' });
      const found = await database.get(...members.map(({ id }) => accounts.doc(id)));
      return {
        links: members.flatMap(({ data: { accountId, role, keyEpoch, state } }, index) => {
          const account = found[index];
          if (account === undefined) return [];
          const { email, firstName, lastName } = account.data;
          return [{ accountId, email, firstName, lastName, role, keyEpoch, state }];
        }),
      };
    },
  }),
});
