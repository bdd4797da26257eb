import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { linkRevoke as wire } from '../../shared/protocol/group.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { remove, update } from '../../shared/store/database.ts';
import { links } from '../../shared/store/groups.ts';
import { membership } from '../group/membership.ts';

type Input = (typeof wire.input)['_output'];

export const linkRevoke = httpFunction('link-revoke', {
  POST: sessionOperation({
    summary: 'Remove a member; nothing is written to the group until an admin has rotated its key',
    ...wire,
    success: 200,
    problems: ['GROUP_NOT_FOUND', 'ROLE_REQUIRED', 'LINK_NOT_FOUND', 'LAST_ADMIN'],
    writes: true,
    handle: (input, context) => optimistic(() => revoke(input, context)),
  }),
});

async function revoke({ groupId, accountId }: Input, context: SessionContext) {
  const { group, found } = await membership(context, groupId, 'admin', links(groupId).doc(accountId));
  const [link] = found;
  if (link === undefined) throw new Problem('LINK_NOT_FOUND', 'That account is no member of the group.', { accountId });
  if (link.data.role === 'admin') await requireAnotherAdmin(groupId, accountId, context);
  const left = { members: group.data.members - 1, rotationRequired: true };
  return context.commit({ rotationRequired: true as const }, [update(group, left), remove(link)]);
}

async function requireAnotherAdmin(groupId: string, accountId: string, { database }: SessionContext): Promise<void> {
  const admins = await database.list({ collection: links(groupId), where: [['role', '==', 'admin']], limit: 2 });
  if (admins.some(({ id }) => id !== accountId)) return;
  throw new Problem('LAST_ADMIN', 'That account is the only admin of the group.', { accountId });
}
