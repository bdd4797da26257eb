import { randomBytes } from 'node:crypto';
import { collection, create, erase, increment, remove, set, update } from '../../../shared/store/database.ts';
import { firestoreDatabase } from '../../../shared/store/firestore.ts';

interface Note {
  readonly text: string;
  readonly count: number;
  readonly expiresAt?: Date;
}

const database = firestoreDatabase({ projectId: `demo-${randomBytes(6).toString('hex')}`, databaseId: '(default)' });
afterAll(() => database.close());

const notes = collection<Note>('notes');
const fresh = () => notes.doc(randomBytes(8).toString('hex'));
const conflict = { code: 'COMMIT_CONFLICT', message: 'A document of this commit changed since it was read.' };

describe('firestoreDatabase', () => {
  it('reads many documents at once, in order, undefined where there is none', async () => {
    const [one, two, none] = [fresh(), fresh(), fresh()];
    await database.commit([create(one, { text: 'one', count: 1 }), create(two, { text: 'two', count: 2 })]);
    const found = await database.get(two, none, one);
    expect(found.map((stored) => stored?.data.text)).toEqual(['two', undefined, 'one']);
  });

  it('hands times back as Date', async () => {
    const ref = fresh();
    const expiresAt = new Date(1_700_000_000_123);
    await database.commit([create(ref, { text: '', count: 0, expiresAt })]);
    const [stored] = await database.get(ref);
    expect(stored?.data.expiresAt).toEqual(expiresAt);
  });

  it('creates only what does not exist, and then nothing else of the commit happens either', async () => {
    const [taken, other] = [fresh(), fresh()];
    await database.commit([create(taken, { text: 'first', count: 1 })]);
    await expect(
      database.commit([set(other, { text: 'other', count: 1 }), create(taken, { text: 'second', count: 2 })]),
    ).rejects.toMatchObject(conflict);
    const [first, none] = await database.get(taken, other);
    expect([first?.data.text, none]).toEqual(['first', undefined]);
  });

  it('updates and removes only the version that was read', async () => {
    const ref = fresh();
    await database.commit([create(ref, { text: 'a', count: 1 })]);
    const [read] = await database.get(ref);
    if (read === undefined) throw new Error('not written');
    await database.commit([update(read, { count: 2 })]);
    await expect(database.commit([update(read, { count: 3 })])).rejects.toMatchObject(conflict);
    await expect(database.commit([remove(read)])).rejects.toMatchObject(conflict);
    const [now] = await database.get(ref);
    expect(now?.data).toEqual({ text: 'a', count: 2 });
    if (now === undefined) throw new Error('gone');
    await database.commit([remove(now)]);
    await expect(database.commit([update(now, { count: 4 })])).rejects.toMatchObject(conflict);
    expect(await database.get(ref)).toEqual([undefined]);
  });

  it('takes a write that changes nothing for none: it guards against nobody', async () => {
    const ref = fresh();
    await database.commit([create(ref, { text: 'a', count: 1 })]);
    const [read] = await database.get(ref);
    if (read === undefined) throw new Error('not written');
    await database.commit([update(read, { count: 1 })]);
    await expect(database.commit([update(read, { count: 2 })])).resolves.toBeUndefined();
  });

  it('hands back only the fields that were asked for, newest first, and sums without reading', async () => {
    const box = collection<Note>(`boxes/${randomBytes(8).toString('hex')}/sheets`);
    await database.commit([1, 2, 3].map((count) => create(box.doc(`${count}`), { text: 'long', count })));
    const found = await database.list({
      collection: box,
      where: [],
      orderBy: 'count',
      descending: true,
      fields: ['count'],
    });
    expect(found.map(({ data }) => data)).toEqual([{ count: 3 }, { count: 2 }, { count: 1 }]);
    expect(await database.sum({ collection: box, where: [['text', '==', 'long']] }, 'count')).toBe(6);
    expect(await database.sum({ collection: box, where: [['text', '==', 'none']] }, 'count')).toBe(0);
  });

  it('counts without reading, and goes on after a document in the order of ids', async () => {
    const box = collection<Note>(`boxes/${randomBytes(8).toString('hex')}/sheets`);
    const texts = { b: 'long', a: 'long', d: 'short', c: 'long' };
    await database.commit(Object.entries(texts).map(([id, text]) => create(box.doc(id), { text, count: 1 })));
    const long = { collection: box, where: [['text', '==', 'long']] } as const;
    expect(await database.count(long)).toBe(3);
    expect(await database.count({ collection: box, where: [] })).toBe(4);
    expect(await database.count({ collection: box, where: [['text', '==', 'none']] })).toBe(0);
    const ids = async (query: { after?: string; limit?: number }) =>
      (await database.list({ ...long, ...query })).map(({ id }) => id);
    expect(await ids({ limit: 2 })).toEqual(['a', 'b']);
    expect(await ids({ limit: 2, after: 'b' })).toEqual(['c']);
    expect(await ids({ after: 'c' })).toEqual([]);
  });

  it('erases what is there, and what is not', async () => {
    const ref = fresh();
    await database.commit([create(ref, { text: 'a', count: 1 })]);
    await database.commit([erase(ref), erase(fresh())]);
    expect(await database.get(ref)).toEqual([undefined]);
  });

  it('adds without reading, parallel calls included', async () => {
    const ref = fresh();
    await Promise.all(
      Array.from({ length: 20 }, () => database.commit([increment(ref, 'count', 1, { text: 'counted' })])),
    );
    const [stored] = await database.get(ref);
    expect(stored?.data).toEqual({ text: 'counted', count: 20 });
  });

  it('queries one collection, or all of a kind, in order and within a limit', async () => {
    const below = (id: string) => collection<Note>(`boxes/${id}/papers`);
    await database.commit([
      create(below('x').doc('1'), { text: 'x1', count: 3 }),
      create(below('x').doc('2'), { text: 'x2', count: 1 }),
      create(below('y').doc('1'), { text: 'y1', count: 2 }),
    ]);
    const inX = await database.list({ collection: below('x'), where: [['count', '>', 0]], orderBy: 'count' });
    expect(inX.map(({ data }) => data.text)).toEqual(['x2', 'x1']);
    const everywhere = await database.list({
      collection: collection<Note>('papers'),
      everywhere: true,
      where: [['count', '>=', 2]],
      orderBy: 'count',
    });
    expect(everywhere.map(({ data }) => data.text)).toEqual(['y1', 'x1']);
    const limited = await database.list({ collection: below('x'), where: [], limit: 1 });
    expect(limited).toHaveLength(1);
  });

  it('takes an empty commit for done', async () => {
    await expect(database.commit([])).resolves.toBeUndefined();
  });
});
