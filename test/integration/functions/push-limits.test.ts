import { randomBytes } from 'node:crypto';
import { limits } from '../../../shared/protocol/limits.ts';
import { blobs, type StoredBlob } from '../../../shared/store/blobs.ts';
import { create } from '../../../shared/store/database.ts';
import { groups } from '../../../shared/store/groups.ts';
import { type Member, newGroup, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, pull, push, write } from '../../support/sync.ts';

const quotas = { groupQuotaBytes: 3_000_000, accountQuotaBytes: 4_000_000 };

let stack: TestStack;
let jane: Member;
beforeAll(async () => {
  stack = await startTestStack({ settings: quotas });
  jane = await newMember(stack);
});
afterAll(() => stack.stop());

/** Content of exactly so many bytes. */
function content(bytes: number): string {
  const frame = Buffer.byteLength(JSON.stringify({ d: '' }));
  return JSON.stringify({ d: 'a'.repeat(bytes - frame) });
}

async function bytesOf(groupId: string): Promise<number> {
  const [group] = await stack.platform.database.get(groups.doc(groupId));
  return group?.data.bytes ?? Number.NaN;
}

const tooMuch = (message: RegExp) => ({
  status: 400,
  body: {
    code: 'INVALID_INPUT',
    errors: [{ path: '/changes', message: expect.stringMatching(message) }],
  },
});

describe('the limits of a push', () => {
  it('are one commit when all are met at once, with an answer full of conflicts to be remembered', async () => {
    const own = await startTestStack();
    try {
      const member = await newMember(own);
      const groupId = await newGroup(own, member);
      await write(own, member, groupId, change('req_conflict', { encContent: content(limits.inlineContentBytes) }));
      // Names of the longest kind, in letters of four bytes, and contents to the last byte.
      const id = (n: number) => `r${n}`.padEnd(100, '_');
      const name = '\u{1F511}'.repeat(limits.nameCharacters / 2);
      const conflicts = { ...change('req_conflict', { encContent: content(10) }) };
      const fixed = (n: number) => [id(n), 'Request', name].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      const count = limits.pushChanges - 1;
      const used = [conflicts.id, conflicts.type, conflicts.name, conflicts.encContent].join('').length;
      const ids = Array.from({ length: count }, (_, n) => n);
      const left = limits.pushContentBytes - used - ids.reduce((sum, n) => sum + fixed(n), 0);
      const each = Math.floor(left / count);
      const changes = ids.map((n) => {
        const bytes = n === 0 ? left - each * (count - 1) : each;
        return change(id(n), { name, encContent: content(bytes) });
      });
      const call = (list: object[]) =>
        own.call('changes-push', {
          token: member.token,
          headers: { 'idempotency-key': randomBytes(8).toString('hex') },
          body: { groupId, keyEpoch: 1, changes: list },
        });
      const one = changes[0];
      if (one === undefined) throw new Error('There are no changes.');
      const over = [conflicts, { ...one, encContent: `${one.encContent} ` }, ...changes.slice(1)];
      await expect(call(over)).resolves.toMatchObject(tooMuch(/at most 1420000 bytes/));
      const full = await call([conflicts, ...changes]);
      expect(full).toMatchObject({ status: 200, body: { revision: limits.pushChanges } });
      const [conflict] = (full.body as { results: object[] }).results;
      expect(conflict).toMatchObject({ status: 'conflict', current: { id: 'req_conflict' } });
    } finally {
      await own.stop();
    }
  });

  it('leave rows out of an answer that would hold too many, and a pull has them', async () => {
    const groupId = await newGroup(stack, jane);
    for (const id of ['a', 'b', 'c']) {
      await write(stack, jane, groupId, change(id, { encContent: content(350_000) }));
    }
    const stale = ['a', 'b', 'c'].map((id) => change(id));
    const { body } = await push(stack, jane, groupId, stale);
    expect(body.results.map(({ status }) => status)).toEqual(['conflict', 'conflict', 'conflict']);
    expect(body.results.map(({ current }) => current?.id)).toEqual(['a', 'b', undefined]);
    expect((await pull(stack, jane, groupId)).changes).toHaveLength(3);
  });
});

describe('quotas', () => {
  it('count every version that is kept, and refuse the byte beyond with the numbers', async () => {
    const member = await newMember(stack);
    const groupId = await newGroup(stack, member);
    let baseVersion = await write(stack, member, groupId, change('a', { encContent: content(600_000) }));
    for (let n = 0; n < 3; n += 1) {
      const next = change('a', { baseVersion, encContent: JSON.stringify({ n, d: 'a'.repeat(599_985) }) });
      baseVersion = await write(stack, member, groupId, next);
    }
    const used = await bytesOf(groupId);
    const room = quotas.groupQuotaBytes - used;
    const fill = (bytes: number) => push(stack, member, groupId, [change('b', { encContent: content(bytes) })]);
    const refused = await fill(room + 1);
    expect(refused).toMatchObject({
      status: 413,
      body: {
        code: 'QUOTA_EXCEEDED',
        detail: `At most 3000000 bytes in this group: there are ${used}, and this needs ${room + 1} more.`,
        quota: 'groupBytes',
        limit: 3_000_000,
        used,
        needed: room + 1,
      },
    });
    expect((await fill(room)).status).toBe(200);
    expect(await bytesOf(groupId)).toBe(quotas.groupQuotaBytes);
    // A removal passes: else nobody could make room.
    const removal = change('a', { baseVersion, removed: true });
    expect((await push(stack, member, groupId, [removal])).body.results[0]?.status).toBe('removed');
  });

  it('hold for all groups of an account together', async () => {
    const member = await newMember(stack);
    const [one, two] = [await newGroup(stack, member), await newGroup(stack, member)];
    for (const id of ['a', 'b', 'c', 'd']) {
      await write(stack, member, one, change(id, { encContent: content(700_000) }));
    }
    await write(stack, member, two, change('a', { encContent: content(700_000) }));
    const refused = await push(stack, member, two, [change('b', { encContent: content(500_001) })]);
    expect(refused).toMatchObject({
      status: 413,
      body: { code: 'QUOTA_EXCEEDED', quota: 'accountBytes', limit: 4_000_000, used: 3_500_000, needed: 500_001 },
    });
    expect((await push(stack, member, two, [change('b', { encContent: content(500_000) })])).status).toBe(200);
  });
});

describe('blobs that a change names', () => {
  const id = (n: number) => n.toString(16).padStart(64, '0');
  const ready: Omit<StoredBlob, 'groupId'> = {
    state: 'ready',
    parts: 1,
    received: { 0: { attempt: 'a', bytes: 1 } },
    size: 1,
    references: 0,
    created: 1,
    createdBy: 'acct_',
    idleSince: 1,
  };
  const plant = (groupId: string, count: number, more: Partial<StoredBlob> = {}) =>
    stack.platform.database.commit(
      Array.from({ length: count }, (_, n) => create(blobs(groupId).doc(id(n)), { ...ready, groupId, ...more })),
    );
  const referencesOf = async (groupId: string, n: number) =>
    (await stack.platform.database.get(blobs(groupId).doc(id(n))))[0]?.data;

  it('are counted once for each version that names them', async () => {
    const groupId = await newGroup(stack, jane);
    await plant(groupId, 2);
    const baseVersion = await write(stack, jane, groupId, change('a', { blobIds: [id(0)] }));
    await push(stack, jane, groupId, [
      change('a', { baseVersion, blobIds: [id(0), id(1)] }),
      change('b', { blobIds: [id(1)] }),
    ]);
    expect(await referencesOf(groupId, 0)).toMatchObject({ references: 2, idleSince: null });
    expect(await referencesOf(groupId, 1)).toMatchObject({ references: 2, idleSince: null });
    expect((await pull(stack, jane, groupId)).changes).toMatchObject([
      { id: 'a', blobIds: [id(0), id(1)] },
      { id: 'b', blobIds: [id(1)] },
    ]);
  });

  it('must be there and whole', async () => {
    const groupId = await newGroup(stack, jane);
    await plant(groupId, 1, { state: 'uploading' });
    const changes = [change('a', { blobIds: [id(0)] }), change('b', { blobIds: [id(7)] }), change('c')];
    expect((await push(stack, jane, groupId, changes)).body.results).toMatchObject([
      { id: 'a', status: 'rejected', code: 'BLOB_MISSING' },
      { id: 'b', status: 'rejected', code: 'BLOB_MISSING' },
      { id: 'c', status: 'created' },
    ]);
  });

  it('are 16 for a change and 100 for a push at most, each once', async () => {
    const groupId = await newGroup(stack, jane);
    await plant(groupId, 101);
    const named = (from: number, count: number) => Array.from({ length: count }, (_, n) => id(from + n));
    const wrong = { status: 400, body: { errors: [{ path: '/changes/0/blobIds' }] } };
    for (const blobIds of [named(0, 17), [id(0), id(0)]]) {
      await expect(push(stack, jane, groupId, [change('a', { blobIds })])).resolves.toMatchObject(wrong);
    }
    const many = (count: number) => [
      ...Array.from({ length: 6 }, (_, n) => change(`r${n}`, { blobIds: named(n * 16, 16) })),
      change('last', { blobIds: named(96, count) }),
    ];
    await expect(push(stack, jane, groupId, many(5))).resolves.toMatchObject(tooMuch(/at most 100 blobs/));
    expect((await push(stack, jane, groupId, many(4))).status).toBe(200);
  });
});
