import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { retention } from '../../shared/platform/settings.ts';
import { groupList as wire } from '../../shared/protocol/group.ts';
import { allLinks, groups } from '../../shared/store/groups.ts';
import { grantorsByGroup } from './grantors.ts';

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
      const waiting = mine.filter(({ data }) => data.state !== 'active').map(({ data }) => data.groupId);
      const granting = await grantorsByGroup(waiting, database);
      const listed = mine.flatMap(({ data: link }, index) => {
        const group = found[index];
        if (group === undefined || (group.data.deletedAt !== null) !== (deleted === 'true')) return [];
        const { name, parentResourceId, revision, rotationRequired, deletedAt } = group.data;
        const { role, keyEpoch, encSymmetricKey, state: linkState } = link;
        const head = { id: group.id, name, parentResourceId, teamId: null, role, keyEpoch, revision };
        const gone = deletedAt === null ? {} : { deletedAt, restorableUntil: deletedAt + retention(settings) };
        const grantedBy = granting.get(group.id);
        const waits = grantedBy === undefined ? {} : { lost: group.data.lost, grantedBy };
        return [{ ...head, encSymmetricKey, linkState, rotationRequired, ...waits, ...gone }];
      });
      return { groups: listed.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.id.localeCompare(b.id, 'en')) };
    },
  }),
});
