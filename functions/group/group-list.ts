import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { retention } from '../../shared/platform/settings.ts';
import { groupList as wire } from '../../shared/protocol/group.ts';
import { allLinks, groups } from '../../shared/store/groups.ts';

export const groupList = httpFunction('group-list', {
  GET: sessionOperation({
    summary: 'The groups that the caller has a link to, each with its key wrapped to the caller',
    ...wire,
    success: 200,
    handle: async ({ deleted }, { caller, database, settings }) => {
      const mine = await database.list({
        collection: allLinks,
        everywhere: true,
        where: [['accountId', '==', caller.accountId]],
      });
      const found = await database.get(...mine.map(({ data }) => groups.doc(data.groupId)));
      const listed = mine.flatMap(({ data: link }, index) => {
        const group = found[index];
        if (group === undefined || (group.data.deletedAt !== null) !== (deleted === 'true')) return [];
        const { name, parentResourceId, teamId, revision, rotationRequired, deletedAt } = group.data;
        const { role, keyEpoch, encSymmetricKey, state: linkState } = link;
        const head = { id: group.id, name, parentResourceId, teamId, role, keyEpoch, revision };
        const gone = deletedAt === null ? {} : { deletedAt, restorableUntil: deletedAt + retention(settings) };
        return [{ ...head, encSymmetricKey, linkState, rotationRequired, ...gone }];
      });
      return { groups: listed.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.id.localeCompare(b.id, 'en')) };
    },
  }),
});
