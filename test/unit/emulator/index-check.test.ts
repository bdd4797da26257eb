import { withIndexCheck } from '../../../emulator/index-check.ts';
import { collection, type Database, type Query } from '../../../shared/store/database.ts';
import { allLinks, type Group, groups, links } from '../../../shared/store/groups.ts';
import { outbox } from '../../../shared/store/outbox.ts';
import { resources } from '../../../shared/store/resources.ts';

const never = () => Promise.reject(new Error('not asked for'));
const answering: Database = {
  get: never,
  commit: never,
  list: async () => [],
  sum: async () => 0,
  count: async () => 0,
};
const database = withIndexCheck(answering);

const refused = (fields: string) => ({
  code: 'INDEX_MISSING',
  message: `No index of ${fields} is declared in shared/store/indexes.ts.`,
});

describe('withIndexCheck', () => {
  it('lets through what Firestore indexes by itself', async () => {
    const ofOne = resources('grp_1');
    const queries: Query<Group>[] = [
      { collection: groups, where: [] },
      { collection: groups, where: [['deletedAt', '<=', 1]], orderBy: 'deletedAt' },
      {
        collection: groups,
        where: [
          ['createdBy', '==', 'a'],
          ['name', '==', 'b'],
        ],
      },
    ];
    for (const query of queries) await expect(database.list(query)).resolves.toEqual([]);
    const page = { collection: ofOne, where: [['revision', '>', 1]], orderBy: 'revision' } as const;
    await expect(database.list(page)).resolves.toEqual([]);
  });

  it('lets through what is declared', async () => {
    const newest = { collection: outbox, where: [['to', '==', 'a']], orderBy: 'created', descending: true } as const;
    await expect(database.list(newest)).resolves.toEqual([]);
    const ofState = {
      collection: outbox,
      where: [
        ['state', '==', 'dead'],
        ['noticeId', '==', 'a'],
      ],
    } as const;
    await expect(database.count(ofState)).resolves.toBe(0);
    await expect(database.list({ ...ofState, after: 'a' })).resolves.toEqual([]);
    const mine = { collection: allLinks, everywhere: true, where: [['accountId', '==', 'a']] } as const;
    await expect(database.list(mine)).resolves.toEqual([]);
    await expect(database.sum({ collection: groups, where: [['createdBy', '==', 'a']] }, 'bytes')).resolves.toBe(0);
  });

  it('refuses what is not', async () => {
    const oldest = { collection: outbox, where: [['to', '==', 'a']], orderBy: 'created' } as const;
    await expect(database.list(oldest)).rejects.toMatchObject(refused('outbox by to, created'));
    await expect(database.count({ collection: outbox, where: [['lastError', '==', 'a']] })).rejects.toMatchObject(
      refused('outbox by lastError'),
    );
    const two = { collection: links('grp_1'), where: [['role', '==', 'admin']], orderBy: 'created' } as const;
    await expect(database.list(two)).rejects.toMatchObject(refused('links by role, created'));
    const everywhere = { collection: allLinks, everywhere: true, where: [['role', '==', 'admin']] } as const;
    await expect(database.list(everywhere)).rejects.toMatchObject(refused('links by role'));
    await expect(database.sum({ collection: groups, where: [['name', '==', 'a']] }, 'bytes')).rejects.toMatchObject(
      refused('groups by name, bytes'),
    );
    const opaque = collection<{ body: string }>('idempotency');
    await expect(database.list({ collection: opaque, where: [['body', '==', '']] })).rejects.toMatchObject(
      refused('idempotency by body'),
    );
  });
});
