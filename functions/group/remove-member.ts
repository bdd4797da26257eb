import type { SessionContext } from '../../shared/platform/context.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { erase, remove, type Stored, update, type Write } from '../../shared/store/database.ts';
import { type Group, type Link, links, oldKeys } from '../../shared/store/groups.ts';

/**
 * The writes that take a member out: the link and its keys go, and nobody writes until the key has been rotated.
 * @throws Problem `LAST_ADMIN`
 */
export async function removeMember(
  group: Stored<Group>,
  link: Stored<Link>,
  context: SessionContext,
): Promise<Write[]> {
  if (link.data.role === 'admin') await requireAnotherAdmin(group.id, link.id, context);
  const kept = await context.database.list({ collection: oldKeys(group.id, link.id), where: [], fields: ['keyEpoch'] });
  return [memberLeft(group), remove(link), ...kept.map(({ ref }) => erase(ref))];
}

/** What a group notes when one of its members goes, and what else the going makes of it. */
export function memberLeft(group: Stored<Group>, more: Partial<Pick<Group, 'lost' | 'deletedAt'>> = {}): Write {
  const { members, linkChanges } = group.data;
  return update(group, { members: members - 1, linkChanges: linkChanges + 1, rotationRequired: true, ...more });
}

/** @throws Problem `LINK_NOT_FOUND` */
export function requireLink(link: Stored<Link> | undefined, accountId: string): Stored<Link> {
  if (link !== undefined) return link;
  throw new Problem('LINK_NOT_FOUND', 'That account is no member of the group.', { accountId });
}

/** @throws Problem `LAST_ADMIN` */
export async function requireAnotherAdmin(
  groupId: string,
  accountId: string,
  { database }: SessionContext,
): Promise<void> {
  const admins = await database.list({ collection: links(groupId), where: [['role', '==', 'admin']], limit: 2 });
  if (admins.some(({ id }) => id !== accountId)) return;
  throw new Problem('LAST_ADMIN', 'That account is the only admin of the group.', { accountId });
}
