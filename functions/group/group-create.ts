import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { groupCreate as wire } from '../../shared/protocol/group.ts';
import { create } from '../../shared/store/database.ts';
import { groups, links } from '../../shared/store/groups.ts';

export const groupCreate = httpFunction('group-create', {
  POST: sessionOperation({
    summary: 'Create a group; its key comes wrapped to the caller, who becomes its admin',
    ...wire,
    success: 201,
    writes: true,
    handle: async ({ name, parentResourceId, encSymmetricKey }, context) => {
      const id = `grp_${Buffer.from(context.random(16)).toString('hex')}`;
      const { accountId } = context.caller;
      const created = context.clock.now();
      const start = { revision: 0, keyEpoch: 1 };
      const group = {
        name,
        parentResourceId,
        created,
        createdBy: accountId,
        members: 1,
        rotationRequired: false,
        purgedRevision: 0,
        bytes: 0,
        deletedAt: null,
        ...start,
      };
      const link = {
        accountId,
        groupId: id,
        role: 'admin',
        encSymmetricKey,
        keyEpoch: 1,
        state: 'active',
        created,
      } as const;
      const answer = { id, name, parentResourceId, role: link.role, ...start };
      return context.commit(answer, [create(groups.doc(id), group), create(links(id).doc(accountId), link)]);
    },
  }),
});
