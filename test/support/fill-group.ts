import { create, type Database, update } from '../../shared/store/database.ts';
import { groups } from '../../shared/store/groups.ts';
import { resources } from '../../shared/store/resources.ts';

const perCommit = 500;

/** Resources straight into the store, `res_1` and on, as if each had been pushed once; with their history left out. */
export async function fillGroup(database: Database, groupId: string, by: string, count: number): Promise<void> {
  const place = resources(groupId);
  for (let from = 1; from <= count; from += perCommit) {
    const length = Math.min(perCommit, count + 1 - from);
    const writes = Array.from({ length }, (_, index) => {
      const revision = from + index;
      const times = { created: 1, written: 1, lastEdited: 1, createdBy: by, lastEditedBy: by };
      const facts = { type: 'Request', name: 'n', removed: false, keyEpoch: 1, encContent: '{"d":"00"}', blobIds: [] };
      return create(place.doc(`res_${revision}`), { revision, version: `${revision}-filled`, ...times, ...facts });
    });
    await database.commit(writes);
  }
  const [group] = await database.get(groups.doc(groupId));
  if (group === undefined) throw new Error(`There is no group ${groupId}.`);
  await database.commit([update(group, { revision: count })]);
}
