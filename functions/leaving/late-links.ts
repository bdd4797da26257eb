import { remove, type Stored, update, type Write } from '../../shared/store/database.ts';
import { groups, type Link } from '../../shared/store/groups.ts';
import { memberLeft } from '../group/remove-member.ts';
import type { Owner, Store } from './holding.ts';

/**
 * For links that came into being while the account was being deleted: it may have made a group at that moment, which
 * nobody else is in, and which maintenance-groups then takes for one deleted long ago.
 */
export async function leaveGroups(rows: readonly Stored<Link>[], _owner: Owner, { database }: Store): Promise<Write[]> {
  const found = await database.get(...rows.map(({ data }) => groups.doc(data.groupId)));
  return rows.flatMap((link, index) => {
    const group = found[index];
    if (group === undefined) return [remove(link)];
    return [group.data.members > 1 ? memberLeft(group) : update(group, { deletedAt: 0 }), remove(link)];
  });
}
