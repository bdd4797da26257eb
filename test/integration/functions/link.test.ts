import { links } from '../../../shared/store/groups.ts';
import { type Member, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change } from '../../support/sync.ts';

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

describe('link-create, link-list and link-revoke', () => {
  it('shares, lists and revokes', async () => {
    const groupId = await newGroup(stack, jane);
    const encSymmetricKey = wrappedKey();
    const created = await share(groupId, bob, 'editor', 1, encSymmetricKey);
    expect(created).toMatchObject({
      status: 201,
      body: { accountId: bob.accountId, role: 'editor', keyEpoch: 1, state: 'active' },
    });
    expect(await listed(bob)).toContainEqual(expect.objectContaining({ id: groupId, role: 'editor', encSymmetricKey }));

    const members = await stack.call('link-list', { token: bob.token, query: { groupId } });
    expect(members.body).toEqual({
      links: [
        expect.objectContaining({ accountId: jane.accountId, email: jane.email, role: 'admin' }),
        expect.objectContaining({ accountId: bob.accountId, email: bob.email, firstName: 'Bob', role: 'editor' }),
      ],
    });

    const revoked = await stack.call('link-revoke', { token: jane.token, body: { groupId, accountId: bob.accountId } });
    expect(revoked).toMatchObject({ status: 200, body: { rotationRequired: true } });
    expect((await listed(bob)).map(({ id }) => id)).not.toContain(groupId);
    for (const call of ['changes-pull', 'link-list'] as const) {
      const options = call === 'link-list' ? { query: { groupId } } : { body: { groupId } };
      await expect(stack.call(call, { token: bob.token, ...options })).resolves.toMatchObject({
        status: 404,
        body: { code: 'GROUP_NOT_FOUND' },
      });
    }
  });

  it('answers a stranger as if the group did not exist', async () => {
    const groupId = await newGroup(stack, jane);
    const strange = await stack.call('link-list', { token: bob.token, query: { groupId } });
    const missing = await stack.call('link-list', { token: bob.token, query: { groupId: `grp_${'0'.repeat(32)}` } });
    const shape = ({ status, body }: typeof strange) => ({ status, detail: (body as { detail: string }).detail });
    expect(shape(strange)).toEqual(shape(missing));
    expect(strange.status).toBe(404);
  });

  it('lets admins share and revoke, nobody else', async () => {
    const groupId = await newGroup(stack, jane);
    await share(groupId, bob, 'editor');
    const body = { groupId, accountId: bob.accountId, role: 'admin', encSymmetricKey: wrappedKey(), keyEpoch: 1 };
    const required = { status: 403, body: { code: 'ROLE_REQUIRED', required: 'admin', role: 'editor' } };
    await expect(stack.call('link-create', { token: bob.token, body })).resolves.toMatchObject(required);
    const revoke = { groupId, accountId: jane.accountId };
    await expect(stack.call('link-revoke', { token: bob.token, body: revoke })).resolves.toMatchObject(required);
    const rotate = { groupId, baseKeyEpoch: 1, links: [{ accountId: bob.accountId, encSymmetricKey: wrappedKey() }] };
    await expect(stack.call('group-rotate-key', { token: bob.token, body: rotate })).resolves.toMatchObject(required);
  });

  it('refuses a second link, an unknown account, a stale epoch, an unknown member', async () => {
    const groupId = await newGroup(stack, jane);
    await share(groupId, bob);
    await expect(share(groupId, bob)).resolves.toMatchObject({ status: 409, body: { code: 'LINK_EXISTS' } });
    const nobody = { ...bob, accountId: `acct_${'0'.repeat(32)}` };
    await expect(share(groupId, nobody)).resolves.toMatchObject({ status: 404, body: { code: 'ACCOUNT_NOT_FOUND' } });
    const other = await newGroup(stack, jane);
    await expect(share(other, bob, 'viewer', 2)).resolves.toMatchObject({
      status: 409,
      body: { code: 'KEY_EPOCH_STALE', keyEpoch: 1, rotationRequired: false },
    });
    const revoke = { groupId: other, accountId: bob.accountId };
    await expect(stack.call('link-revoke', { token: jane.token, body: revoke })).resolves.toMatchObject({
      status: 404,
      body: { code: 'LINK_NOT_FOUND' },
    });
  });

  it('never lets the last admin go, also when two admins revoke each other at once', async () => {
    const groupId = await newGroup(stack, jane);
    const revoke = (by: Member, whom: Member) =>
      stack.call('link-revoke', { token: by.token, body: { groupId, accountId: whom.accountId } });
    await expect(revoke(jane, jane)).resolves.toMatchObject({ status: 409, body: { code: 'LAST_ADMIN' } });

    await share(groupId, bob, 'admin');
    await Promise.all([revoke(jane, bob), revoke(bob, jane)]);
    const left = await stack.platform.database.list({ collection: links(groupId), where: [['role', '==', 'admin']] });
    expect(left).toHaveLength(1);
  });
});

describe('link-update', () => {
  const setRole = (by: Member, groupId: string, whom: Member, role: string) =>
    stack.call('link-update', { token: by.token, body: { groupId, accountId: whom.accountId, role } });

  it('changes what a member may do, at once', async () => {
    const groupId = await newGroup(stack, jane);
    await share(groupId, bob, 'viewer');
    const body = { groupId, keyEpoch: 1, changes: [change('req_1')] };
    expect((await stack.call('changes-push', { token: bob.token, body })).status).toBe(403);
    await expect(setRole(jane, groupId, bob, 'editor')).resolves.toMatchObject({
      status: 200,
      body: { accountId: bob.accountId, role: 'editor' },
    });
    expect((await stack.call('changes-push', { token: bob.token, body })).status).toBe(200);
    await expect(setRole(bob, groupId, bob, 'admin')).resolves.toMatchObject({ status: 403 });
  });

  it('leaves the group an admin, also when two take each other down at once', async () => {
    const groupId = await newGroup(stack, jane);
    await expect(setRole(jane, groupId, jane, 'viewer')).resolves.toMatchObject({
      status: 409,
      body: { code: 'LAST_ADMIN', detail: 'That account is the only admin of the group.' },
    });
    await share(groupId, bob, 'admin');
    await Promise.all([setRole(jane, groupId, bob, 'editor'), setRole(bob, groupId, jane, 'editor')]);
    const left = await stack.platform.database.list({ collection: links(groupId), where: [['role', '==', 'admin']] });
    expect(left).toHaveLength(1);
  });

  it('knows members only', async () => {
    const groupId = await newGroup(stack, jane);
    await expect(setRole(jane, groupId, bob, 'admin')).resolves.toMatchObject({
      status: 404,
      body: { code: 'LINK_NOT_FOUND', detail: 'That account is no member of the group.' },
    });
  });
});
