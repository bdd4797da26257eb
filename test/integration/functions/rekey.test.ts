import type { Role } from '../../../shared/protocol/fields.ts';
import { groups, links } from '../../../shared/store/groups.ts';
import { eventsOf, type Member, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { resetPassphrase } from '../../support/reset.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, push, shareWith } from '../../support/sync.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
beforeAll(async () => {
  stack = await startTestStack();
});
beforeEach(async () => {
  jane = await newMember(stack);
  bob = await newMember(stack, 'bob');
});
afterAll(() => stack.stop());

async function sharedGroup(role: Role): Promise<string> {
  const groupId = await newGroup(stack, bob);
  await shareWith(stack, bob, groupId, jane, role);
  return groupId;
}

const group = async (id: string) => (await stack.platform.database.get(groups.doc(id)))[0]?.data;
const link = async (id: string, { accountId }: Member) =>
  (await stack.platform.database.get(links(id).doc(accountId)))[0]?.data;
const confirm = ({ token }: Member, item: object, headers: Readonly<Record<string, string>> = {}) =>
  stack.call('rekey-confirm', { token, headers, body: { items: [item] } });
const item = (groupId: string, { accountId }: Member, generation = 2) => ({
  ...{ groupId, accountId, generation },
  ...{ keyEpoch: 1, encSymmetricKey: wrappedKey() },
});

describe('rekey-list and rekey-confirm', () => {
  it('show an admin who waits, with the new fingerprint, and let them in again', async () => {
    const groupId = await sharedGroup('editor');
    const { member } = await resetPassphrase(stack, jane);
    const mail = await stack.mailbox.waitFor(bob.email, 2);
    expect(mail.text).toContain(`Jane (${jane.email}) has reset a forgotten passphrase.`);
    expect(mail.text).toContain('Waiting for: Web shop.');
    const { body } = await stack.call('rekey-list', { token: bob.token });
    expect(body).toMatchObject({
      waiting: [
        { groupId, groupName: 'Web shop', accountId: jane.accountId, role: 'editor', generation: 2, keyEpoch: 1 },
      ],
    });
    const granted = item(groupId, jane);
    expect(await confirm(bob, granted)).toMatchObject({ status: 200, body: { granted: 1 } });
    expect(await link(groupId, jane)).toMatchObject({ state: 'active', encSymmetricKey: granted.encSymmetricKey });
    expect((await push(stack, member, groupId, [change('req_1')])).status).toBe(200);
    expect((await stack.call('rekey-list', { token: bob.token })).body).toEqual({ waiting: [] });
    expect((await eventsOf(stack, member))[0]).toBe('group-key-granted');
    expect(await confirm(bob, granted)).toMatchObject({
      status: 409,
      body: { code: 'REKEY_NOT_NEEDED', detail: 'The member holds the key of the group already.' },
    });
  });

  it('belong to the admins; to the editors where no admin holds the key any more', async () => {
    const groupId = await newGroup(stack, jane);
    await shareWith(stack, jane, groupId, bob, 'editor');
    const other = await newMember(stack, 'bob');
    await shareWith(stack, jane, groupId, other, 'viewer');
    const { member } = await resetPassphrase(stack, jane);
    const listed = (await stack.call('group-list', { token: member.token })).body as { groups: object[] };
    expect(listed.groups).toMatchObject([{ lost: false, grantedBy: [{ accountId: bob.accountId }] }]);
    expect((await stack.call('rekey-list', { token: other.token })).body).toEqual({ waiting: [] });
    expect(await confirm(other, item(groupId, jane))).toMatchObject({ status: 403, body: { code: 'ROLE_REQUIRED' } });
    expect((await confirm(bob, item(groupId, jane))).status).toBe(200);
  });

  it('refuse a key that was wrapped to keys before the last reset', async () => {
    const groupId = await sharedGroup('editor');
    await resetPassphrase(stack, jane);
    expect(await confirm(bob, item(groupId, jane, 1))).toMatchObject({
      status: 409,
      body: {
        code: 'KEYS_CHANGED',
        detail: 'The keys of that account are newer than those the group key was wrapped to.',
      },
    });
    expect(await link(groupId, jane)).toMatchObject({ state: 'needs-rekey' });
  });

  it('refuse a stale epoch, a stranger, and a member who is none; nothing is granted to the others', async () => {
    const groupId = await sharedGroup('editor');
    await resetPassphrase(stack, jane);
    const good = item(groupId, jane);
    const stale = await confirm(bob, { ...good, keyEpoch: 2 });
    expect(stale).toMatchObject({ status: 409, body: { code: 'KEY_EPOCH_STALE' } });
    const stranger = await newMember(stack, 'bob');
    expect(await confirm(stranger, good)).toMatchObject({ status: 404, body: { code: 'GROUP_NOT_FOUND' } });
    const items = [good, item(groupId, stranger, 1)];
    const mixed = await stack.call('rekey-confirm', { token: bob.token, body: { items } });
    expect(mixed).toMatchObject({ status: 404, body: { code: 'LINK_NOT_FOUND' } });
    expect(await link(groupId, jane)).toMatchObject({ state: 'needs-rekey' });
    const old = { ...good, oldKeys: [{ keyEpoch: 1, encSymmetricKey: wrappedKey() }] };
    const path = '/items/0/oldKeys/0/keyEpoch';
    expect(await confirm(bob, old)).toMatchObject({ status: 400, body: { errors: [{ path }] } });
  });

  it('loses a group whose last holder resets while another member waits', async () => {
    const groupId = await sharedGroup('editor');
    await resetPassphrase(stack, jane);
    expect(await group(groupId)).toMatchObject({ lost: false });
    const { finished } = await resetPassphrase(stack, bob, 3);
    expect(finished.body).toMatchObject({ groupsLost: 1 });
    expect(await group(groupId)).toMatchObject({ lost: true });
  });
});
