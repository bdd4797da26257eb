import { create, update } from '../../../shared/store/database.ts';
import { groups, links } from '../../../shared/store/groups.ts';
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

describe('200 members', () => {
  it('fill a group: one more is refused with the numbers, and a rotation still fits one commit', async () => {
    const groupId = await newGroup(stack, jane);
    const { database } = stack.platform;
    const [group] = await database.get(groups.doc(groupId));
    if (group === undefined) throw new Error('The group is not there.');
    const others = Array.from({ length: 198 }, (_, n) => `acct_${n.toString(16).padStart(32, '0')}`);
    const filled = others.map((accountId) => {
      const link = { accountId, groupId, role: 'viewer', encSymmetricKey: wrappedKey(), keyEpoch: 1 } as const;
      return create(links(groupId).doc(accountId), { ...link, state: 'active', created: 1 });
    });
    await database.commit([update(group, { members: 199 }), ...filled]);
    await expect(share(groupId, bob)).resolves.toMatchObject({ status: 201 });
    const third = await newMember(stack, 'jane');
    await expect(share(groupId, third)).resolves.toMatchObject({
      status: 413,
      body: { code: 'QUOTA_EXCEEDED', quota: 'groupMembers', limit: 200, used: 200, needed: 1 },
    });
    const wrapped = [jane.accountId, bob.accountId, ...others].map((accountId) => ({
      accountId,
      encSymmetricKey: wrappedKey(),
    }));
    const body = { groupId, baseKeyEpoch: 1, links: wrapped };
    await expect(stack.call('group-rotate-key', { token: jane.token, body })).resolves.toMatchObject({
      status: 200,
      body: { keyEpoch: 2 },
    });
  });
});
