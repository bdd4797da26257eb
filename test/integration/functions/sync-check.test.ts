import { update } from '../../../shared/store/database.ts';
import { links } from '../../../shared/store/groups.ts';
import { type Member, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, pull, shareWith, write } from '../../support/sync.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

const check = ({ token }: Member, body: object) => stack.call('sync-check', { token, body });

describe('sync-check', () => {
  it('tells which groups have news since their cursors, in the order asked', async () => {
    const [quiet, busy] = [await newGroup(stack, jane), await newGroup(stack, jane)];
    await write(stack, jane, quiet, change('req_1'));
    const cursors = await Promise.all([quiet, busy].map(async (id) => (await pull(stack, jane, id)).cursor));
    await write(stack, jane, busy, change('req_1'));
    const groups = [busy, quiet].map((groupId, index) => ({ groupId, cursor: cursors[1 - index] }));
    expect((await check(jane, { groups })).body).toEqual({
      groups: [
        { groupId: busy, revision: 1, keyEpoch: 1, changed: true, cursorExpired: false, rotationRequired: false },
        { groupId: quiet, revision: 1, keyEpoch: 1, changed: false, cursorExpired: false, rotationRequired: false },
      ],
      missing: [],
    });
  });

  it('takes a group without a cursor for new, and all groups of the caller when none is named', async () => {
    const empty = await newGroup(stack, bob);
    const filled = await newGroup(stack, bob);
    await write(stack, bob, filled, change('req_1'));
    const { groups } = (await check(bob, {})).body as { groups: { groupId: string; changed: boolean }[] };
    expect(groups.map(({ groupId, changed }) => [groupId, changed]).sort()).toEqual(
      [
        [empty, false],
        [filled, true],
      ].sort(),
    );
  });

  it('says that a rotation is due, and under which epoch the group is', async () => {
    const groupId = await newGroup(stack, jane);
    await shareWith(stack, jane, groupId, bob);
    await stack.call('link-revoke', { token: jane.token, body: { groupId, accountId: bob.accountId } });
    const ask = async () => (await check(jane, { groups: [{ groupId }] })).body;
    expect(await ask()).toMatchObject({ groups: [{ keyEpoch: 1, rotationRequired: true }] });
    const links = [{ accountId: jane.accountId, encSymmetricKey: wrappedKey() }];
    await stack.call('group-rotate-key', { token: jane.token, body: { groupId, baseKeyEpoch: 1, links } });
    expect(await ask()).toMatchObject({ groups: [{ keyEpoch: 2, rotationRequired: false }] });
  });

  it('names what the caller cannot see as missing, whether it exists or not', async () => {
    const foreign = await newGroup(stack, bob);
    const deleted = await newGroup(stack, jane);
    await stack.call('group-delete', { token: jane.token, body: { groupId: deleted } });
    const none = `grp_${'0'.repeat(32)}`;
    const groups = [foreign, none, deleted].map((groupId) => ({ groupId }));
    expect((await check(jane, { groups })).body).toEqual({ groups: [], missing: [foreign, none, deleted] });
  });

  it('names what waits for a key as missing, after a reset: the caller can open it no more', async () => {
    const reset = await newMember(stack);
    const groupId = await newGroup(stack, reset);
    const groups = [{ groupId }];
    expect((await check(reset, { groups })).body).toMatchObject({ groups: [{ groupId }], missing: [] });
    const { database } = stack.platform;
    const [link] = await database.get(links(groupId).doc(reset.accountId));
    if (link !== undefined) await database.commit([update(link, { state: 'needs-rekey' })]);
    expect((await check(reset, { groups })).body).toEqual({ groups: [], missing: [groupId] });
    expect((await check(reset, {})).body).toEqual({ groups: [], missing: [] });
  });

  it('names the cursor that is wrong', async () => {
    const [one, two] = [await newGroup(stack, jane), await newGroup(stack, jane)];
    const { cursor } = await pull(stack, jane, one);
    const groups = [
      { groupId: one, cursor },
      { groupId: two, cursor },
    ];
    await expect(check(jane, { groups })).resolves.toMatchObject({
      status: 400,
      body: {
        code: 'CURSOR_INVALID',
        detail: 'The cursor belongs to another group.',
        errors: [{ path: '/groups/1/cursor' }],
      },
    });
  });

  it('takes 200 groups, each once', async () => {
    const ids = Array.from({ length: 201 }, (_, n) => `grp_${n.toString(16).padStart(32, '0')}`);
    const groups = ids.map((groupId) => ({ groupId }));
    expect((await check(jane, { groups: groups.slice(0, 200) })).status).toBe(200);
    for (const wrong of [groups, [groups[0], groups[0]]]) {
      await expect(check(jane, { groups: wrong })).resolves.toMatchObject({
        status: 400,
        body: { errors: [{ path: '/groups' }] },
      });
    }
  });
});
