import { randomBytes } from 'node:crypto';
import { personalTeamOf } from '../../../shared/store/teams.ts';
import { type Member, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;

beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

const listed = async ({ token }: Member) =>
  ((await stack.call('group-list', { token })).body as { groups: { id: string; keyEpoch: number }[] }).groups;

describe('group-create and group-list', () => {
  it('makes the caller admin at epoch 1, revision 0, and hands the wrapped key back', async () => {
    const encSymmetricKey = wrappedKey();
    const parentResourceId = `wrk_${randomBytes(16).toString('hex')}`;
    const created = await stack.call('group-create', {
      token: jane.token,
      body: { name: 'Web shop', parentResourceId, encSymmetricKey },
    });
    expect(created).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^grp_[0-9a-f]{32}$/),
        name: 'Web shop',
        parentResourceId,
        keyEpoch: 1,
        revision: 0,
        role: 'admin',
        existing: false,
        encSymmetricKey,
      },
    });
    const { id } = created.body as { id: string };
    expect(await listed(jane)).toContainEqual({
      id,
      name: 'Web shop',
      parentResourceId,
      teamId: personalTeamOf(jane.accountId),
      role: 'admin',
      keyEpoch: 1,
      revision: 0,
      encSymmetricKey,
      linkState: 'active',
      rotationRequired: false,
    });
    expect((await listed(bob)).map((group) => group.id)).not.toContain(id);
  });

  it('creates once under one Idempotency-Key, and refuses the key for another body', async () => {
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const body = { name: 'Once', encSymmetricKey: wrappedKey() };
    const first = await stack.call('group-create', { token: jane.token, headers, body });
    const again = await stack.call('group-create', { token: jane.token, headers, body });
    expect({ status: again.status, body: again.body }).toEqual({ status: 201, body: first.body });
    expect((await listed(jane)).filter(({ id }) => id === (first.body as { id: string }).id)).toHaveLength(1);

    const other = await stack.call('group-create', { token: jane.token, headers, body: { ...body, name: 'Twice' } });
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    const bobs = await stack.call('group-create', { token: bob.token, headers, body: { ...body, name: 'His own' } });
    expect(bobs.status).toBe(201);
  });

  it('answers parallel calls under one key with one group', async () => {
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const body = { name: `Parallel ${randomBytes(4).toString('hex')}`, encSymmetricKey: wrappedKey() };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => stack.call('group-create', { token: jane.token, headers, body })),
    );
    for (const answer of answers) {
      if (answer.status === 409) expect(answer.body).toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS' });
      else expect(answer.status).toBe(201);
    }
    const mine = (await stack.call('group-list', { token: jane.token })).body as { groups: { name: string }[] };
    expect(mine.groups.filter(({ name }) => name === body.name)).toHaveLength(1);
  });

  it.each(['', 'x'.repeat(256)])('refuses an Idempotency-Key of %#', async (key) => {
    const answer = await stack.call('group-create', {
      token: jane.token,
      headers: { 'idempotency-key': key },
      body: { name: 'n', encSymmetricKey: wrappedKey() },
    });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'header:Idempotency-Key' }] } });
  });

  it('takes a wrapped key of exactly 512 hex characters', async () => {
    for (const wrong of ['a'.repeat(511), 'a'.repeat(513), 'A'.repeat(512), 'g'.repeat(512)]) {
      const answer = await stack.call('group-create', {
        token: jane.token,
        body: { name: 'n', encSymmetricKey: wrong },
      });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/encSymmetricKey' }] } });
    }
  });
});

describe('one parent resource', () => {
  const make = (member: Member, parentResourceId: string, name = 'Web shop') =>
    stack.call('group-create', {
      token: member.token,
      body: { name, parentResourceId, encSymmetricKey: wrappedKey() },
    });
  const idOf = ({ body }: Awaited<ReturnType<typeof make>>) => (body as { id: string }).id;
  const parent = () => `wrk_${randomBytes(16).toString('hex')}`;
  const remove = (groupId: string) => stack.call('group-delete', { token: jane.token, body: { groupId } });

  it('has one group an account: the second create answers the first, with its key', async () => {
    const id = parent();
    const first = await make(jane, id);
    const second = await make(jane, id, 'Reinstalled');
    expect(second).toMatchObject({ status: 201, body: { existing: true, name: 'Web shop' } });
    const { existing: _first, ...group } = first.body as { existing: boolean };
    const { existing: _second, ...again } = second.body as { existing: boolean };
    expect(again).toEqual(group);
    expect(idOf(await make(bob, id))).not.toBe(idOf(first));
  });

  it('has one group also when ten devices create it at once', async () => {
    const id = parent();
    const answers = await Promise.all(Array.from({ length: 10 }, () => make(jane, id)));
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(answers.filter(({ body }) => !(body as { existing: boolean }).existing)).toHaveLength(1);
  });

  it('gets a new group once the old one is deleted or left, and the old cannot come back beside it', async () => {
    const id = parent();
    const old = idOf(await make(jane, id));
    await remove(old);
    const next = await make(jane, id);
    expect(next.body).toMatchObject({ existing: false });
    const restore = () => stack.call('group-restore', { token: jane.token, body: { groupId: old } });
    await expect(restore()).resolves.toMatchObject({
      status: 409,
      body: {
        code: 'PARENT_IN_USE',
        detail: 'There is another group for the same parent resource.',
        existing: idOf(next),
      },
    });
    await remove(idOf(next));
    expect((await restore()).status).toBe(200);
    expect(idOf(await make(jane, id))).toBe(old);
  });
});
