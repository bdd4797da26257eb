import { accounts } from '../../../shared/store/accounts.ts';
import { groups, links } from '../../../shared/store/groups.ts';
import { attemptLogin, type Member, makePerson, newGroup, newMember, wrappedKey } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

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

const expired = {
  status: 410,
  body: { code: 'TOKEN_EXPIRED', detail: 'This code was used already, has expired, or is not one of ours.' },
};
const waitsForKey = {
  status: 409,
  body: {
    code: 'LINK_NEEDS_REKEY',
    detail: 'Your passphrase was reset: this group waits to be opened for you again.',
  },
};

async function mailedCode({ email }: Member): Promise<string> {
  expect((await stack.call('passphrase-reset-start', { body: { email } })).status).toBe(202);
  const mail = await stack.mailbox.waitFor(email, 2);
  expect(mail.subject).toBe('Your code to reset your Nightvault passphrase');
  return /: ([A-Za-z0-9_-]{43})$/m.exec(mail.text)?.[1] ?? '';
}

/** Forgets the passphrase and sets another; hands back the member, logged in again. */
async function reset(member: Member, token?: string) {
  const code = token ?? (await mailedCode(member));
  const fresh = await makePerson('jane', undefined, member.email);
  const finished = await stack.call('passphrase-reset-finish', { body: { ...fresh.signUpBody, token: code } });
  const { token: session } = await attemptLogin(stack, fresh);
  return { code, finished, member: { ...member, ...fresh, token: session ?? '' } };
}

async function share(groupId: string, from: Member, to: Member, role: string): Promise<void> {
  const body = { groupId, accountId: to.accountId, role, encSymmetricKey: wrappedKey(), keyEpoch: 1 };
  expect((await stack.call('link-create', { token: from.token, body })).status).toBe(201);
}

async function sharedGroup(role: string): Promise<string> {
  const groupId = await newGroup(stack, bob);
  await share(groupId, bob, jane, role);
  return groupId;
}

const group = async (id: string) => (await stack.platform.database.get(groups.doc(id)))[0]?.data;
const link = async (id: string, { accountId }: Member) =>
  (await stack.platform.database.get(links(id).doc(accountId)))[0]?.data;
const change = { id: 'req_1', type: 'Request', name: 'Orders', baseVersion: null, lastEdited: 1, encContent: '{}' };
const push = ({ token }: Member, groupId: string) =>
  stack.call('changes-push', { token, body: { groupId, keyEpoch: 1, changes: [change] } });
const confirm = ({ token }: Member, item: object, headers: Readonly<Record<string, string>> = {}) =>
  stack.call('rekey-confirm', { token, headers, body: { items: [item] } });
const item = (groupId: string, { accountId }: Member, generation = 2) => ({
  ...{ groupId, accountId, generation },
  ...{ keyEpoch: 1, encSymmetricKey: wrappedKey() },
});

describe('passphrase-reset-preview', () => {
  it('tells what is lost and who can open the rest, and changes nothing', async () => {
    const own = await newGroup(stack, jane);
    const shared = await sharedGroup('editor');
    const token = await mailedCode(jane);
    const preview = await stack.call('passphrase-reset-preview', { body: { token } });
    expect(preview).toMatchObject({ status: 200, body: { email: jane.email, expires: expect.any(Number) } });
    const listed = (preview.body as { groups: { id: string }[] }).groups;
    expect(listed).toHaveLength(2);
    expect(listed).toEqual(
      expect.arrayContaining([
        { id: own, name: 'Web shop', role: 'admin', outcome: 'lost', grantedBy: [] },
        {
          ...{ id: shared, name: 'Web shop', role: 'editor', outcome: 'kept' },
          grantedBy: [{ accountId: bob.accountId, firstName: 'Bob', lastName: '' }],
        },
      ]),
    );
    expect((await attemptLogin(stack, jane)).finished.status).toBe(200);
    expect((await stack.call('passphrase-reset-preview', { body: { token } })).status).toBe(200);
  });

  it('knows no code of another kind', async () => {
    await stack.call('passphrase-code-send', { token: jane.token, body: {} });
    const mail = await stack.mailbox.waitFor(jane.email, 2);
    const token = /: ([A-Za-z0-9_-]{43})$/m.exec(mail.text)?.[1] ?? '';
    for (const name of ['passphrase-reset-preview', 'passphrase-reset-finish'] as const) {
      expect(await stack.call(name, { body: { ...jane.signUpBody, token } })).toMatchObject(expired);
    }
  });
});

describe('passphrase-reset-finish', () => {
  it('takes the new passphrase only, gives new keys, ends every session, and tells the owner', async () => {
    const { finished, member } = await reset(jane);
    expect(finished).toMatchObject({
      status: 200,
      body: { reset: true, generation: 2, groupsLost: 0, groupsKept: 0, sessionsRevoked: 1 },
    });
    expect((await stack.call('session-whoami', { token: jane.token })).status).toBe(401);
    expect((await attemptLogin(stack, jane)).finished.status).toBe(401);
    const { body } = await stack.call('session-whoami', { token: member.token });
    expect(body).toMatchObject({ accountId: jane.accountId, email: jane.email, saltEnc: member.signUpBody.saltEnc });
    const mail = await stack.mailbox.waitFor(jane.email, 3);
    expect(mail.text).toContain('The passphrase of your account was reset.');
    const told = (await stack.call('audit-list', { token: member.token })).body as { events: { event: string }[] };
    expect(told.events.map(({ event }) => event)).toEqual(['passphrase-reset', 'passphrase-reset-requested']);
  });

  it('uses a code up, and every other code of the account with it', async () => {
    const other = await mailedCode(jane);
    await stack.call('passphrase-reset-start', { body: { email: jane.email } });
    const mail = await stack.mailbox.waitFor(jane.email, 3);
    const { code } = await reset(jane, /: ([A-Za-z0-9_-]{43})$/m.exec(mail.text)?.[1] ?? '');
    for (const token of [code, other]) {
      expect(await stack.call('passphrase-reset-preview', { body: { token } })).toMatchObject(expired);
      const body = { ...jane.signUpBody, token };
      expect(await stack.call('passphrase-reset-finish', { body })).toMatchObject(expired);
    }
  });

  it('lets one of two resets with one code win', async () => {
    const token = await mailedCode(jane);
    const bodies = [await makePerson('jane', undefined, jane.email), await makePerson('jane', undefined, jane.email)];
    const answers = await Promise.all(
      bodies.map(({ signUpBody }) => stack.call('passphrase-reset-finish', { body: { ...signUpBody, token } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
  });

  it('gives a retry its first answer', async () => {
    const headers = { 'idempotency-key': 'once' };
    const body = { ...jane.signUpBody, token: await mailedCode(jane) };
    const first = await stack.call('passphrase-reset-finish', { headers, body });
    const again = await stack.call('passphrase-reset-finish', { headers, body });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('marks a group that nobody else can open as lost; its owner can start it again or delete it', async () => {
    const own = await newGroup(stack, jane);
    const { finished, member } = await reset(jane);
    expect(finished.body).toMatchObject({ groupsLost: 1, groupsKept: 0 });
    const listed = (await stack.call('group-list', { token: member.token })).body as { groups: object[] };
    expect(listed.groups).toMatchObject([{ id: own, linkState: 'needs-rekey', lost: true, grantedBy: [] }]);
    expect(await push(member, own)).toMatchObject(waitsForKey);
    const again = await stack.call('group-rotate-key', {
      token: member.token,
      body: {
        groupId: own,
        baseKeyEpoch: 1,
        links: [{ accountId: jane.accountId, encSymmetricKey: wrappedKey() }],
      },
    });
    expect(again).toMatchObject({ status: 200, body: { keyEpoch: 2 } });
    expect(await group(own)).toMatchObject({ lost: false });
    expect((await stack.call('group-delete', { token: member.token, body: { groupId: own } })).status).toBe(200);
  });

  it('lets an account make a new group for the parent of a lost one, and not for one that is only closed', async () => {
    const body = { name: 'n', parentResourceId: 'wrk_1', encSymmetricKey: wrappedKey() };
    const made = (await stack.call('group-create', { token: jane.token, body })).body as { id: string };
    const first = await reset(jane);
    const fresh = await stack.call('group-create', { token: first.member.token, body });
    expect(fresh).toMatchObject({ status: 201, body: { existing: false } });
    const { id } = fresh.body as { id: string };
    expect(id).not.toBe(made.id);
    await share(id, first.member, bob, 'admin');
    const code = /: ([A-Za-z0-9_-]{43})$/m;
    await stack.call('passphrase-reset-start', { body: { email: jane.email } });
    const second = await reset(first.member, code.exec((await stack.mailbox.waitFor(jane.email, 4)).text)?.[1] ?? '');
    expect(await stack.call('group-create', { token: second.member.token, body })).toMatchObject(waitsForKey);
  });

  it('leaves a member whose key is gone only looking and leaving: the mailbox alone rules nothing', async () => {
    const groupId = await sharedGroup('admin');
    const { member } = await reset(jane);
    const { token } = member;
    const links = [jane, bob].map(({ accountId }) => ({ accountId, encSymmetricKey: wrappedKey() }));
    const refused = [
      stack.call('group-rotate-key', { token, body: { groupId, baseKeyEpoch: 1, links } }),
      stack.call('group-delete', { token, body: { groupId } }),
      stack.call('group-update', { token, body: { groupId, name: 'n' } }),
      stack.call('link-update', { token, body: { groupId, accountId: bob.accountId, role: 'viewer' } }),
      stack.call('link-revoke', { token, body: { groupId, accountId: bob.accountId } }),
      confirm(member, item(groupId, jane)),
      push(member, groupId),
    ];
    for (const answer of await Promise.all(refused)) expect(answer).toMatchObject(waitsForKey);
    expect((await stack.call('link-list', { token, query: { groupId } })).status).toBe(200);
    expect((await stack.call('group-leave', { token, body: { groupId } })).status).toBe(200);
  });

  it.each([
    ['/verifier', { verifier: `${'0'.repeat(511)}1` }],
    ['/publicKey', { publicKey: '{"kty":"RSA"}' }],
    ['/encPrivateKey', { encPrivateKey: 'none' }],
    ['/token', { token: 'short' }],
  ])('names %s when it is wrong, and keeps the code', async (path, wrong) => {
    const token = await mailedCode(jane);
    const answer = await stack.call('passphrase-reset-finish', { body: { ...jane.signUpBody, token, ...wrong } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path }] } });
    expect((await stack.call('passphrase-reset-preview', { body: { token } })).status).toBe(200);
  });
});

describe('rekey-list and rekey-confirm', () => {
  it('show an admin who waits, with the new fingerprint, and let them in again', async () => {
    const groupId = await sharedGroup('editor');
    const { member } = await reset(jane);
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
    expect((await push(member, groupId)).status).toBe(200);
    expect((await stack.call('rekey-list', { token: bob.token })).body).toEqual({ waiting: [] });
    const told = (await stack.call('audit-list', { token: member.token })).body as { events: { event: string }[] };
    expect(told.events[0]).toMatchObject({ event: 'group-key-granted' });
    expect(await confirm(bob, granted)).toMatchObject({
      status: 409,
      body: { code: 'REKEY_NOT_NEEDED', detail: 'The member holds the key of the group already.' },
    });
  });

  it('belong to the admins; to the editors where no admin holds the key any more', async () => {
    const groupId = await newGroup(stack, jane);
    await share(groupId, jane, bob, 'editor');
    const other = await newMember(stack, 'bob');
    await share(groupId, jane, other, 'viewer');
    const { member } = await reset(jane);
    const listed = (await stack.call('group-list', { token: member.token })).body as { groups: object[] };
    expect(listed.groups).toMatchObject([{ lost: false, grantedBy: [{ accountId: bob.accountId }] }]);
    expect((await stack.call('rekey-list', { token: other.token })).body).toEqual({ waiting: [] });
    expect(await confirm(other, item(groupId, jane))).toMatchObject({ status: 403, body: { code: 'ROLE_REQUIRED' } });
    expect((await confirm(bob, item(groupId, jane))).status).toBe(200);
  });

  it('refuse a key that was wrapped to keys before the last reset', async () => {
    const groupId = await sharedGroup('editor');
    await reset(jane);
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
    await reset(jane);
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
    await reset(jane);
    expect(await group(groupId)).toMatchObject({ lost: false });
    await stack.call('passphrase-reset-start', { body: { email: bob.email } });
    const mail = await stack.mailbox.waitFor(bob.email, 3);
    const { finished } = await reset(bob, /: ([A-Za-z0-9_-]{43})$/m.exec(mail.text)?.[1] ?? '');
    expect(finished.body).toMatchObject({ groupsLost: 1 });
    expect(await group(groupId)).toMatchObject({ lost: true });
  });
});

describe('passphrase-reset-start', () => {
  it('answers an unknown and an unverified address the same, and mails nothing', async () => {
    const unverified = await makePerson('bob');
    await stack.call('account-create', { body: unverified.signUpBody });
    for (const email of ['nobody-at-all@example.com', unverified.email, jane.email]) {
      const { status, body } = await stack.call('passphrase-reset-start', { body: { email } });
      expect({ status, body }).toEqual({ status: 202, body: { status: 'reset-sent' } });
    }
    await stack.mailbox.waitFor(jane.email, 2);
    const [account] = await stack.platform.database.get(accounts.doc(jane.accountId));
    expect(account?.data.generation).toBe(1);
    expect((await stack.mailbox.waitFor(unverified.email)).subject).toContain('Verify');
  });

  it('is limited for an address', async () => {
    const answers = [];
    for (let n = 0; n < 6; n += 1) {
      answers.push((await stack.call('passphrase-reset-start', { body: { email: jane.email } })).status);
    }
    expect(answers).toEqual([202, 202, 202, 202, 202, 429]);
  });
});
