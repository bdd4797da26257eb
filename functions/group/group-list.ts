import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { groupList as wire } from '../../shared/protocol/group.ts';
import { allLinks, groups } from '../../shared/store/groups.ts';

export const groupList = httpFunction('group-list', {
  GET: sessionOperation({
    summary: 'The groups that the caller has a link to, each with its key wrapped to the caller',
    ...wire,
    success: 200,
    handle: async (_input, { caller, database }) => {
      const mine = await database.list({
        collection: allLinks,
        everywhere: true,
        where: [['accountId', '==', caller.accountId]],
      });
      if (mine.length === 0) return { groups: [] };
      const found = await database.get(...mine.map(({ data }) => groups.doc(data.groupId)));
      const listed = mine.flatMap(({ data: link }, index) => {
        const group = found[index];
        if (group === undefined) return [];
        const { name, parentResourceId, revision } = group.data;
        const { role, keyEpoch, encSymmetricKey, state: linkState } = link;
        return [
          { id: group.id, name, parentResourceId, teamId: null, role, keyEpoch, revision, encSymmetricKey, linkState },
        ];
      });
      return { groups: listed.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.id.localeCompare(b.id, 'en')) };
    },
  }),
});
