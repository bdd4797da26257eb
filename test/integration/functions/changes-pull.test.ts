import { type Member, newGroup, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, message, pullAll as pullAllAs, pull as pullAs, push as pushAs } from '../../support/sync.ts';

let stack: TestStack;
let jane: Member;

beforeAll(async () => {
  stack = await startTestStack();
  jane = await newMember(stack, 'jane');
});
afterAll(() => stack.stop());

const push = (groupId: string, changes: readonly object[]) => pushAs(stack, jane, groupId, changes);
const pull = (groupId: string, body: object = {}) => pullAs(stack, jane, groupId, body);
const pullAll = (groupId: string, limit: number) => pullAllAs(stack, jane, groupId, { limit });

describe('changes-pull', () => {
  it('pages through everything once, in the order of writing, then only what is new', async () => {
    const groupId = await newGroup(stack, jane);
    const ids = Array.from({ length: 61 }, (_, n) => `req_${n}`);
    await push(
      groupId,
      ids.map((id) => change(id)),
    );
    const { all, cursor } = await pullAll(groupId, 7);
    expect(all.map(({ id, revision }) => ({ id, revision }))).toEqual(ids.map((id, n) => ({ id, revision: n + 1 })));

    const nothing = await pull(groupId, { cursor });
    expect(nothing).toEqual({ changes: [], cursor: expect.any(String), more: false, revision: 61 });
    const version = all[3]?.version;
    await push(groupId, [change('req_3', { baseVersion: version, removed: true })]);
    const delta = await pull(groupId, { cursor });
    expect(delta).toMatchObject({ changes: [{ id: 'req_3', removed: true, revision: 62 }], revision: 62 });
  });

  it('hands a resource back exactly as it was pushed', async () => {
    const groupId = await newGroup(stack, jane);
    const pushed = change('req_1', { name: 'Größe ☃', type: 'RequestGroup' });
    const { body } = await push(groupId, [pushed]);
    expect((await pull(groupId)).changes).toEqual([
      {
        id: 'req_1',
        revision: 1,
        type: 'RequestGroup',
        name: 'Größe ☃',
        version: body.results[0]?.version,
        removed: false,
        keyEpoch: 1,
        createdBy: jane.accountId,
        lastEdited: pushed.lastEdited,
        lastEditedBy: jane.accountId,
        encContent: pushed.encContent,
      },
    ]);
  });

  it('ends a page early when its contents are large', async () => {
    const groupId = await newGroup(stack, jane);
    for (let n = 0; n < 8; n += 1) {
      const two = [`a_${n}`, `b_${n}`].map((id) => change(id, { encContent: message(340_000) }));
      expect((await push(groupId, two)).status).toBe(200);
    }
    const first = await pull(groupId, { limit: 500 });
    expect(first.more || first.changes.length === 16).toBe(true);
    expect((await pullAll(groupId, 500)).all).toHaveLength(16);
  });

  it('takes a cursor only as it was given, and only for its group', async () => {
    const groupId = await newGroup(stack, jane);
    const other = await newGroup(stack, jane);
    const { cursor } = await pull(groupId);
    const call = (body: object) => stack.call('changes-pull', { token: jane.token, body });
    const invalid = (detail: string) => ({
      status: 400,
      body: { code: 'CURSOR_INVALID', detail, errors: [{ path: '/cursor' }] },
    });
    await expect(call({ groupId: other, cursor })).resolves.toMatchObject(
      invalid('The cursor belongs to another group.'),
    );
    for (const forged of [`${cursor}x`, 'AAAA', '1.AAAA.AAAA', cursor.replace('1.', '2.')]) {
      await expect(call({ groupId, cursor: forged })).resolves.toMatchObject(
        invalid('The cursor was not made by this server, or was changed.'),
      );
    }
  });

  it.each([0, -1, 501, 1.5, '10'])('refuses a limit of %j', async (limit) => {
    const groupId = await newGroup(stack, jane);
    const answer = await stack.call('changes-pull', { token: jane.token, body: { groupId, limit } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/limit' }] } });
  });
});
