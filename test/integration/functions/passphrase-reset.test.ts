import type { Role } from '../../../shared/protocol/fields.ts';
import { accounts } from '../../../shared/store/accounts.ts';
import { groups } from '../../../shared/store/groups.ts';
import { codeIn } from '../../support/mail.ts';
import {
  attemptLogin,
  eventsOf,
  type Member,
  makePerson,
  newGroup,
  newMember,
  wrappedKey,
} from '../../support/people.ts';
import { resetCode, resetPassphrase, waitsForKey } from '../../support/reset.ts';
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

const expired = {
  status: 410,
  body: { code: 'TOKEN_EXPIRED', detail: 'This code was used already, has expired, or is not one of ours.' },
};
async function sharedGroup(role: Role): Promise<string> {
  const groupId = await newGroup(stack, bob);
  await shareWith(stack, bob, groupId, jane, role);
  return groupId;
}

const group = async (id: string) => (await stack.platform.database.get(groups.doc(id)))[0]?.data;
describe('passphrase-reset-preview', () => {
  it('tells what is lost and who can open the rest, and changes nothing', async () => {
    const own = await newGroup(stack, jane);
    const shared = await sharedGroup('editor');
    const token = await resetCode(stack, jane);
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
    const token = codeIn(await stack.mailbox.waitFor(jane.email, 2));
    for (const name of ['passphrase-reset-preview', 'passphrase-reset-finish'] as const) {
      expect(await stack.call(name, { body: { ...jane.signUpBody, token } })).toMatchObject(expired);
    }
  });
});

describe('passphrase-reset-finish', () => {
  it('takes the new passphrase only, gives new keys, ends every session, and tells the owner', async () => {
    const { finished, member } = await resetPassphrase(stack, jane);
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
    expect(await eventsOf(stack, member)).toEqual(['passphrase-reset', 'passphrase-reset-requested']);
  });

  it('uses a code up, and every other code of the account with it', async () => {
    const other = await resetCode(stack, jane);
    const { code } = await resetPassphrase(stack, jane, 3);
    for (const token of [code, other]) {
      expect(await stack.call('passphrase-reset-preview', { body: { token } })).toMatchObject(expired);
      const body = { ...jane.signUpBody, token };
      expect(await stack.call('passphrase-reset-finish', { body })).toMatchObject(expired);
    }
  });

  it('lets one of two resets with one code win', async () => {
    const token = await resetCode(stack, jane);
    const bodies = [await makePerson('jane', undefined, jane.email), await makePerson('jane', undefined, jane.email)];
    const answers = await Promise.all(
      bodies.map(({ signUpBody }) => stack.call('passphrase-reset-finish', { body: { ...signUpBody, token } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
  });

  it('gives a retry its first answer', async () => {
    const headers = { 'idempotency-key': 'once' };
    const body = { ...jane.signUpBody, token: await resetCode(stack, jane) };
    const first = await stack.call('passphrase-reset-finish', { headers, body });
    const again = await stack.call('passphrase-reset-finish', { headers, body });
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('marks a group that nobody else can open as lost; its owner can start it again or delete it', async () => {
    const own = await newGroup(stack, jane);
    const { finished, member } = await resetPassphrase(stack, jane);
    expect(finished.body).toMatchObject({ groupsLost: 1, groupsKept: 0 });
    const listed = (await stack.call('group-list', { token: member.token })).body as { groups: object[] };
    expect(listed.groups).toMatchObject([{ id: own, linkState: 'needs-rekey', lost: true, grantedBy: [] }]);
    expect(await push(stack, member, own, [change('req_1')])).toMatchObject(waitsForKey);
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
    const first = await resetPassphrase(stack, jane);
    const fresh = await stack.call('group-create', { token: first.member.token, body });
    expect(fresh).toMatchObject({ status: 201, body: { existing: false } });
    const { id } = fresh.body as { id: string };
    expect(id).not.toBe(made.id);
    await shareWith(stack, first.member, id, bob, 'admin');
    const second = await resetPassphrase(stack, first.member, 4);
    expect(await stack.call('group-create', { token: second.member.token, body })).toMatchObject(waitsForKey);
  });

  it('leaves a member whose key is gone only looking and leaving: the mailbox alone rules nothing', async () => {
    const groupId = await sharedGroup('admin');
    const { member } = await resetPassphrase(stack, jane);
    const { token } = member;
    const own = { groupId, accountId: jane.accountId, generation: 2, keyEpoch: 1, encSymmetricKey: wrappedKey() };
    const links = [jane, bob].map(({ accountId }) => ({ accountId, encSymmetricKey: wrappedKey() }));
    const refused = [
      stack.call('group-rotate-key', { token, body: { groupId, baseKeyEpoch: 1, links } }),
      stack.call('group-delete', { token, body: { groupId } }),
      stack.call('group-update', { token, body: { groupId, name: 'n' } }),
      stack.call('link-update', { token, body: { groupId, accountId: bob.accountId, role: 'viewer' } }),
      stack.call('link-revoke', { token, body: { groupId, accountId: bob.accountId } }),
      stack.call('rekey-confirm', { token, body: { items: [own] } }),
      push(stack, member, groupId, [change('req_1')]),
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
    const token = await resetCode(stack, jane);
    const answer = await stack.call('passphrase-reset-finish', { body: { ...jane.signUpBody, token, ...wrong } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path }] } });
    expect((await stack.call('passphrase-reset-preview', { body: { token } })).status).toBe(200);
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
