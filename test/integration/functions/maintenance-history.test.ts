import type { Database, Projection, Query } from '../../../shared/store/database.ts';
import { groups } from '../../../shared/store/groups.ts';
import { resources, versions } from '../../../shared/store/resources.ts';
import { callInProcess, jsonRequest } from '../../support/in-process.ts';
import { type Member, newGroup, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, history, later, type PulledPage, pull, pullAll, push, write } from '../../support/sync.ts';

let stack: TestStack;
let jane: Member;
beforeEach(async () => {
  stack = await startTestStack();
  jane = await newMember(stack);
});
afterEach(() => stack.stop());

const sweep = (days: number) => later(stack, days, 'maintenance-history');

async function head(groupId: string) {
  const [group] = await stack.platform.database.get(groups.doc(groupId));
  if (group === undefined) throw new Error('The group is gone.');
  return group.data;
}

/** Bytes of all versions that are kept, read one by one. */
async function keptBytes(groupId: string): Promise<number> {
  const { database } = stack.platform;
  const all = await database.list({ collection: resources(groupId), where: [] });
  const kept = await Promise.all(all.map(({ id }) => database.list({ collection: versions(groupId, id), where: [] })));
  return kept.flat().reduce((sum, { data }) => sum + data.encContent.length, 0);
}

describe('maintenance-history', () => {
  it('keeps everything within the retention time', async () => {
    const groupId = await newGroup(stack, jane);
    const one = await write(stack, jane, groupId, change('req_1'));
    await write(stack, jane, groupId, change('req_1', { baseVersion: one, removed: true }));
    expect((await sweep(29)).body).toEqual({ versions: 0, resources: 0, bytes: 0, more: false });
    expect((await history(stack, jane, groupId, 'req_1')).versions).toHaveLength(2);
  });

  it('lets replaced versions go afterwards, never the one that stands, and gives their bytes back', async () => {
    const groupId = await newGroup(stack, jane);
    const one = await write(stack, jane, groupId, change('req_1'));
    const two = await write(stack, jane, groupId, change('req_1', { baseVersion: one }));
    await write(stack, jane, groupId, change('req_2'));
    const { bytes } = await head(groupId);
    expect(bytes).toBe(await keptBytes(groupId));

    const { body } = await sweep(31);
    expect(body).toMatchObject({ versions: 1, resources: 0, more: false });
    expect((await history(stack, jane, groupId, 'req_1')).versions).toMatchObject([{ version: two, current: true }]);
    expect((await pullAll(stack, jane, groupId)).all.map(({ id }) => id).sort()).toEqual(['req_1', 'req_2']);
    expect((await head(groupId)).bytes).toBe(bytes - Number(body.bytes));
    expect((await head(groupId)).bytes).toBe(await keptBytes(groupId));

    expect((await sweep(31)).body).toEqual({ versions: 0, resources: 0, bytes: 0, more: false });
    // What was swept while it stood goes like any other once it has been replaced for long enough.
    await write(stack, jane, groupId, change('req_1', { baseVersion: two }));
    expect((await sweep(62)).body).toMatchObject({ versions: 1 });
    expect((await head(groupId)).bytes).toBe(await keptBytes(groupId));
  });

  it('lets removed resources go, and tells cursors that have not seen the removal', async () => {
    const groupId = await newGroup(stack, jane);
    const [one, two] = [
      await write(stack, jane, groupId, change('req_1')),
      await write(stack, jane, groupId, change('req_2')),
    ];
    const before = (await pull(stack, jane, groupId)).cursor;
    await write(stack, jane, groupId, change('req_1', { baseVersion: one, removed: true }));
    const told = (await pull(stack, jane, groupId, { cursor: before })).cursor;
    const after = (await pull(stack, jane, groupId, { cursor: told })).cursor;
    await write(stack, jane, groupId, change('req_2', { baseVersion: two }));

    expect((await sweep(31)).body).toMatchObject({ versions: 3, resources: 1, more: false });
    expect(await head(groupId)).toMatchObject({ purgedRevision: 3, revision: 4 });
    const expired = await stack.call('changes-pull', { token: jane.token, body: { groupId, cursor: before } });
    expect(expired).toMatchObject({
      status: 410,
      body: {
        code: 'CURSOR_EXPIRED',
        detail: 'Resources have been removed since, and the removals are no longer kept.',
      },
    });
    const check = await stack.call('sync-check', {
      token: jane.token,
      body: { groups: [{ groupId, cursor: before }] },
    });
    expect(check.body).toMatchObject({ groups: [{ changed: true, cursorExpired: true }] });
    expect((await pull(stack, jane, groupId, { cursor: after })).changes.map(({ id }) => id)).toEqual(['req_2']);

    // From the start everything can be had, page by page: what is gone is not missed by who never had it.
    expect((await pullAll(stack, jane, groupId, { limit: 1 })).all.map(({ id }) => id)).toEqual(['req_2']);
    expect(await keptBytes(groupId)).toBe((await head(groupId)).bytes);
  });

  it('tells a device whose page was being read while a removal was purged, at its next pull', async () => {
    const groupId = await newGroup(stack, jane);
    const one = await write(stack, jane, groupId, change('req_1'));
    const { cursor } = await pull(stack, jane, groupId);
    await write(stack, jane, groupId, change('req_1', { baseVersion: one, removed: true }));
    await write(stack, jane, groupId, change('req_2'));
    const { database } = stack.platform;
    const sweptBetween: Database = {
      ...database,
      list: async <T, K extends keyof T & string = keyof T & string>(query: Query<T> & Projection<K>) => {
        await sweep(31);
        return database.list<T, K>(query);
      },
    };
    const request = jsonRequest({ groupId, cursor }, { 'x-session-id': jane.token });
    const page = await callInProcess('changes-pull', request, { ...stack.platform, database: sweptBetween });
    const body = page.body as PulledPage;
    expect(body.changes.map(({ id }) => id)).toEqual(['req_2']);
    const next = await stack.call('changes-pull', { token: jane.token, body: { groupId, cursor: body.cursor } });
    expect(next).toMatchObject({ status: 410, body: { code: 'CURSOR_EXPIRED' } });
  });

  it('keeps a removal that was undone, and lets go of one that was repeated', async () => {
    const groupId = await newGroup(stack, jane);
    let baseVersion: string | null = null;
    for (const removed of [false, true, false, true, false]) {
      baseVersion = await write(stack, jane, groupId, change('req_1', { baseVersion, removed }));
    }
    expect((await sweep(31)).body).toMatchObject({ versions: 4, resources: 0 });
    expect((await pull(stack, jane, groupId)).changes).toMatchObject([{ removed: false, version: baseVersion }]);
    expect((await head(groupId)).purgedRevision).toBe(0);
  });

  it('does not let a device that slept for months bring a purged resource back by itself', async () => {
    const groupId = await newGroup(stack, jane);
    const one = await write(stack, jane, groupId, change('req_1'));
    await write(stack, jane, groupId, change('req_1', { baseVersion: one, removed: true }));
    await sweep(31);
    const stale = await push(stack, jane, groupId, [change('req_1', { baseVersion: one })]);
    expect(stale.body.results).toEqual([{ id: 'req_1', status: 'conflict', version: null }]);
    const anew = await push(stack, jane, groupId, [change('req_1')]);
    expect(anew.body.results).toMatchObject([{ status: 'created' }]);
  });

  it('does in many small runs, each cut off anywhere, what it does in one', async () => {
    const groupId = await newGroup(stack, jane);
    const ids = Array.from({ length: 30 }, (_, n) => `req_${n}`);
    const created = await push(
      stack,
      jane,
      groupId,
      ids.map((id) => change(id)),
    );
    const edits = created.body.results.map(({ id, version }, n) =>
      change(id, { baseVersion: version, removed: n % 2 === 0 }),
    );
    await push(stack, jane, groupId, edits);
    const { database } = stack.platform;
    for (let allowed = 0; allowed < 6; allowed += 1) {
      let commits = 0;
      const failing = {
        ...database,
        commit: (writes: Parameters<typeof database.commit>[0]) => {
          commits += 1;
          if (commits > allowed) throw new Error('cut off');
          return database.commit(writes);
        },
      };
      await later({ ...stack, platform: { ...stack.platform, database: failing } }, 31, 'maintenance-history');
    }
    expect((await sweep(31)).body.more).toBe(false);
    expect((await pullAll(stack, jane, groupId)).all).toHaveLength(15);
    expect(await keptBytes(groupId)).toBe((await head(groupId)).bytes);
    for (const id of ids.filter((_, n) => n % 2 === 1)) {
      expect((await history(stack, jane, groupId, id)).versions).toHaveLength(1);
    }
  });

  it('gives way to a push at the same moment, and both are whole', async () => {
    const groupId = await newGroup(stack, jane);
    let baseVersion = await write(stack, jane, groupId, change('req_1'));
    for (let round = 0; round < 5; round += 1) {
      baseVersion = await write(stack, jane, groupId, change('req_1', { baseVersion }));
      const [swept, pushed] = await Promise.all([sweep(31), push(stack, jane, groupId, [change(`new_${round}`)])]);
      expect(swept.status).toBe(200);
      expect(pushed.body.results).toMatchObject([{ status: 'created' }]);
    }
    await sweep(31);
    expect(await keptBytes(groupId)).toBe((await head(groupId)).bytes);
    expect((await history(stack, jane, groupId, 'req_1')).versions).toMatchObject([{ version: baseVersion }]);
  });
});
