import { type Member, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;

beforeAll(async () => {
  stack = await startTestStack();
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
});
afterAll(() => stack.stop());

const share = (groupId: string, to: Member, role = 'editor', keyEpoch = 1, encSymmetricKey = wrappedKey()) =>
  stack.call('link-create', {
    token: jane.token,
    body: { groupId, accountId: to.accountId, role, encSymmetricKey, keyEpoch },
  });

describe('keys of earlier epochs', () => {
  const keysOf = async ({ token }: Member, groupId: string) =>
    ((await stack.call('link-keys', { token, query: { groupId } })).body as { keys: object[] }).keys;
  const rotate = (groupId: string, baseKeyEpoch: number, keys: Readonly<Record<string, string>>) => {
    const wrapped = Object.entries(keys).map(([accountId, encSymmetricKey]) => ({ accountId, encSymmetricKey }));
    return stack.call('group-rotate-key', { token: jane.token, body: { groupId, baseKeyEpoch, links: wrapped } });
  };

  it('stay with each member over rotations', async () => {
    const groupId = await newGroup(stack, jane);
    const bobs = [wrappedKey(), wrappedKey(), wrappedKey()] as const;
    await share(groupId, bob, 'editor', 1, bobs[0]);
    await rotate(groupId, 1, { [jane.accountId]: wrappedKey(), [bob.accountId]: bobs[1] });
    await rotate(groupId, 2, { [jane.accountId]: wrappedKey(), [bob.accountId]: bobs[2] });
    expect(await keysOf(bob, groupId)).toEqual(
      bobs.map((encSymmetricKey, index) => ({ keyEpoch: index + 1, encSymmetricKey })),
    );
    expect(await keysOf(jane, groupId)).toHaveLength(3);
  });

  it('come with the link to a new member, and go with it', async () => {
    const groupId = await newGroup(stack, jane);
    await rotate(groupId, 1, { [jane.accountId]: wrappedKey() });
    const [old, current] = [wrappedKey(), wrappedKey()];
    const link = { groupId, accountId: bob.accountId, role: 'viewer', encSymmetricKey: current, keyEpoch: 2 };
    const create = (oldKeys: object[]) => stack.call('link-create', { token: jane.token, body: { ...link, oldKeys } });
    await expect(create([{ keyEpoch: 2, encSymmetricKey: old }])).resolves.toMatchObject({
      status: 400,
      body: { errors: [{ path: '/oldKeys/0/keyEpoch', message: "must be below the group's key epoch, 2" }] },
    });
    const twice = { keyEpoch: 1, encSymmetricKey: old };
    await expect(create([twice, twice])).resolves.toMatchObject({
      status: 400,
      body: { errors: [{ path: '/oldKeys' }] },
    });
    expect((await create([twice])).status).toBe(201);
    expect(await keysOf(bob, groupId)).toEqual([twice, { keyEpoch: 2, encSymmetricKey: current }]);

    await stack.call('link-revoke', { token: jane.token, body: { groupId, accountId: bob.accountId } });
    await rotate(groupId, 2, { [jane.accountId]: wrappedKey() });
    await share(groupId, bob, 'viewer', 3);
    expect(await keysOf(bob, groupId)).toMatchObject([{ keyEpoch: 3 }]);
  });

  it('are 400 at most in one link', async () => {
    const groupId = await newGroup(stack, jane);
    const oldKeys = Array.from({ length: 401 }, (_, n) => ({ keyEpoch: n + 1, encSymmetricKey: wrappedKey() }));
    const link = { groupId, accountId: bob.accountId, role: 'viewer', encSymmetricKey: wrappedKey(), keyEpoch: 1 };
    await expect(stack.call('link-create', { token: jane.token, body: { ...link, oldKeys } })).resolves.toMatchObject({
      status: 400,
      body: { errors: [{ path: '/oldKeys' }] },
    });
  });
});
