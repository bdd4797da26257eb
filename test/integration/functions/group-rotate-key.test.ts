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

const listed = async ({ token }: Member) =>
  ((await stack.call('group-list', { token })).body as { groups: { id: string; keyEpoch: number }[] }).groups;

describe('group-rotate-key', () => {
  it('replaces every link at once and clears the need', async () => {
    const groupId = await newGroup(stack, jane);
    await share(groupId, bob);
    const keys = { [jane.accountId]: wrappedKey(), [bob.accountId]: wrappedKey() };
    const body = {
      groupId,
      baseKeyEpoch: 1,
      links: Object.entries(keys).map(([accountId, encSymmetricKey]) => ({ accountId, encSymmetricKey })),
    };
    await expect(stack.call('group-rotate-key', { token: jane.token, body })).resolves.toMatchObject({
      status: 200,
      body: { keyEpoch: 2 },
    });
    for (const member of [jane, bob]) {
      expect(await listed(member)).toContainEqual(
        expect.objectContaining({
          id: groupId,
          keyEpoch: 2,
          encSymmetricKey: keys[member.accountId],
          linkState: 'active',
        }),
      );
    }
    await expect(stack.call('group-rotate-key', { token: jane.token, body })).resolves.toMatchObject({
      status: 409,
      body: { code: 'KEY_EPOCH_STALE', keyEpoch: 2 },
    });
  });

  it('must name the members exactly, and tells who is missing or too many', async () => {
    const groupId = await newGroup(stack, jane);
    await share(groupId, bob);
    const stranger = `acct_${'1'.repeat(32)}`;
    const links = [jane.accountId, stranger].map((accountId) => ({ accountId, encSymmetricKey: wrappedKey() }));
    const answer = await stack.call('group-rotate-key', {
      token: jane.token,
      body: { groupId, baseKeyEpoch: 1, links },
    });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'MEMBERSHIP_CHANGED', missing: [bob.accountId], unexpected: [stranger] },
    });
    const [group] = await stack.platform.database.get(groups.doc(groupId));
    expect(group?.data.keyEpoch).toBe(1);
  });

  it('cannot pass a member who is added at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const groupId = await newGroup(stack, jane);
      const own = [{ accountId: jane.accountId, encSymmetricKey: wrappedKey() }];
      const [rotated, shared] = await Promise.all([
        stack.call('group-rotate-key', { token: jane.token, body: { groupId, baseKeyEpoch: 1, links: own } }),
        share(groupId, bob),
      ]);
      const outcome = [rotated.status, shared.status].join(' ');
      expect(['200 409', '409 201']).toContain(outcome);
      const epochs = await stack.platform.database.list({ collection: links(groupId), where: [] });
      expect(new Set(epochs.map(({ data }) => data.keyEpoch)).size).toBe(1);
    }
  });
});
