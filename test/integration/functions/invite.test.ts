import { randomBytes } from 'node:crypto';
import { sha256Hex } from '../../../shared/platform/hash.ts';
import { limits } from '../../../shared/protocol/limits.ts';
import { rateRules } from '../../../shared/protocol/rate-rules.ts';
import { update } from '../../../shared/store/database.ts';
import { invites } from '../../../shared/store/invites.ts';
import { personalTeamOf, teamMembers, teams } from '../../../shared/store/teams.ts';
import { accepted, invited, inviteNotFound, inviteOver, listed, mailedCode } from '../../support/invites.ts';
import { mailsTo } from '../../support/mail.ts';
import { attemptLogin, eventsOf, type Member, mailedToken, makePerson, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { later } from '../../support/sync.ts';
import { joinTeam, newTeam } from '../../support/teams.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
let teamId: string;
beforeAll(async () => {
  stack = await startTestStack();
});
beforeEach(async () => {
  [jane, bob] = await Promise.all([newMember(stack, 'jane'), newMember(stack, 'bob')]);
  teamId = await newTeam(stack, jane);
});
afterAll(() => stack.stop());

const call = (name: string, { token }: Pick<Member, 'token'>, body: object) => stack.call(name, { token, body });
const invite = (by: Member, email: string, more: object = {}) => call('invite-create', by, { teamId, email, ...more });
describe('invite-create', () => {
  it('answers alike for an address with an account and one without; only the mail tells its owner', async () => {
    const nobody = `nobody+${randomBytes(6).toString('hex')}@example.com`;
    const answers = [await invite(jane, bob.email), await invite(jane, nobody)];
    for (const { status, body } of answers) {
      expect(status).toBe(202);
      expect(body).toEqual({
        inviteId: expect.stringMatching(/^inv_[0-9a-f]{32}$/),
        state: 'pending',
        expires: expect.any(Number),
      });
    }
    const [known, unknown] = [await stack.mailbox.waitFor(bob.email, 2), await stack.mailbox.waitFor(nobody)];
    expect(known.text).toContain('You have an account: log in');
    expect(unknown.text).toContain('You have no account yet: sign up');
    for (const { text, html } of [known, unknown]) {
      expect(text).toContain(`Jane (${jane.email}) invites you to the team “Harbour”`);
      expect(html).toContain('invites you to the team');
    }
    expect((await eventsOf(stack, jane)).slice(0, 2)).toEqual(['invite-sent', 'invite-sent']);
    expect((await listed(stack, jane)).sent).toMatchObject([
      { email: nobody, state: 'pending' },
      { email: bob.email, state: 'pending' },
    ]);
    expect(JSON.stringify((await listed(stack, jane)).sent)).not.toContain(bob.accountId);
  });

  it('costs the same for both', async () => {
    const cost = async (email: string) => {
      const before = stack.logs.length;
      await invite(jane, email);
      const line = stack.logs.slice(before).find((each) => each.function === 'invite-create');
      return { reads: line?.reads, writes: line?.writes };
    };
    expect(await cost(bob.email)).toEqual(await cost(`nobody+${randomBytes(6).toString('hex')}@example.com`));
  });

  it('of the same address sends again: the old code is void, the time begins anew', async () => {
    const first = await invited(stack, jane, teamId, bob.email);
    const oldCode = await mailedCode(stack, bob.email, 2);
    expect(await invited(stack, jane, teamId, ` ${bob.email.toUpperCase()} `)).toBe(first);
    const code = await mailedCode(stack, bob.email, 3);
    await expect(call('invite-accept', bob, { code: oldCode })).resolves.toMatchObject(inviteNotFound);
    await expect(call('invite-accept', bob, { code })).resolves.toMatchObject({ status: 200 });
    expect((await listed(stack, jane)).sent).toHaveLength(1);
  });

  it('says who is a member already, whether joined by their address or by code', async () => {
    const exists = { status: 409, body: { code: 'MEMBER_EXISTS', accountId: bob.accountId } };
    await joinTeam(stack, teamId, bob);
    await expect(invite(jane, bob.email)).resolves.toMatchObject(exists);
    const other = await newMember(stack, 'bob');
    const elsewhere = `elsewhere+${randomBytes(6).toString('hex')}@example.com`;
    await invite(jane, elsewhere);
    await call('invite-accept', other, { code: await mailedCode(stack, elsewhere, 1) });
    await expect(invite(jane, elsewhere)).resolves.toMatchObject({
      status: 409,
      body: {
        code: 'MEMBER_EXISTS',
        detail: 'The owner of this address is in the team already.',
        accountId: other.accountId,
      },
    });
  });

  it('is for admins of shared teams', async () => {
    await expect(invite(bob, jane.email)).resolves.toMatchObject({ status: 404, body: { code: 'TEAM_NOT_FOUND' } });
    await joinTeam(stack, teamId, bob);
    await expect(invite(bob, 'x@example.com')).resolves.toMatchObject({ status: 403, body: { code: 'ROLE_REQUIRED' } });
    const personal = await invite(jane, bob.email, { teamId: personalTeamOf(jane.accountId) });
    expect(personal).toMatchObject({ status: 409, body: { code: 'PERSONAL_TEAM' } });
  });

  it.each([
    ['/email', { email: 'no address' }],
    ['/role', { role: 'editor' }],
    ['/teamId', { teamId: 'team_x' }],
  ])('names %s when it is wrong', async (path, wrong) => {
    await expect(invite(jane, bob.email, wrong)).resolves.toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', errors: [{ path }] },
    });
  });

  it('mails one address so often only, whoever invites', async () => {
    const { limit, name: rule } = rateRules.inviteByEmail;
    const email = `busy+${randomBytes(6).toString('hex')}@example.com`;
    for (let count = 0; count < limit; count += 1) expect((await invite(jane, email)).status).toBe(202);
    const theirs = await newTeam(stack, bob);
    await expect(invite(bob, email, { teamId: theirs })).resolves.toMatchObject({
      status: 429,
      body: { code: 'RATE_LIMITED', rule, limit },
    });
  });

  it('puts nothing into a mail that a mail program would make a link of', async () => {
    const theirs = await newTeam(stack, jane, 'WIN http://evil.example/x now');
    await invite(jane, bob.email, { teamId: theirs });
    const { text } = await stack.mailbox.waitFor(bob.email, 2);
    expect(text).toContain('“WIN http: / / evil. example/ x now”');
  });

  it('gives a retry its first answer and sends one mail', async () => {
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const email = `once+${randomBytes(6).toString('hex')}@example.com`;
    const body = { teamId, email };
    const first = await stack.call('invite-create', { token: jane.token, body, headers });
    const again = await stack.call('invite-create', { token: jane.token, body, headers });
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    await stack.mailbox.waitFor(email);
    expect(mailsTo(stack, email)).toHaveLength(1);
  });
});

describe('an invite sent before its person signed up', () => {
  it('waits for the account that verifies the address, and for no other', async () => {
    const person = await makePerson('bob');
    const inviteId = await invited(stack, jane, teamId, person.email);
    await stack.mailbox.waitFor(person.email);
    await stack.call('account-create', { body: person.signUpBody });
    await stack.mailbox.waitFor(person.email, 2);
    await expect(call('invite-accept', bob, { inviteId })).resolves.toMatchObject(inviteNotFound);
    expect((await listed(stack, bob)).received).toEqual([]);

    await stack.call('account-verify', { body: { token: await mailedToken(stack, person.email) } });
    const token = (await attemptLogin(stack, person)).token ?? '';
    const { received } = await listed(stack, { ...bob, token });
    expect(received).toMatchObject([
      { inviteId, teamId, teamName: 'Harbour', role: 'member', invitedBy: { email: jane.email, firstName: 'Jane' } },
    ]);
    await expect(call('invite-accept', { token }, { inviteId })).resolves.toMatchObject({
      status: 200,
      body: { inviteId, state: 'accepted', teamId, teamName: 'Harbour', role: 'member' },
    });
  });
});

describe('invite-accept', () => {
  it('makes a member without keys or role, tells the admin whom, and both audits', async () => {
    const inviteId = await accepted(stack, jane, teamId, bob, 'admin');
    const [member] = await stack.platform.database.get(teamMembers(teamId).doc(bob.accountId));
    expect(member?.data).toMatchObject({ role: 'member' });
    const mail = await stack.mailbox.waitFor(jane.email, 2);
    expect(mail).toMatchObject({ subject: 'Your invite was accepted: please confirm it' });
    expect(mail.text).toContain(`Bob (${bob.email}) has joined the team “Harbour”, and cannot read anything yet.`);
    const [sent] = (await listed(stack, jane)).sent;
    const { publicKey } = bob.signUpBody;
    expect(sent).toMatchObject({ inviteId, role: 'admin', state: 'accepted' });
    const { accountId, email } = bob;
    const fingerprint = expect.stringMatching(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
    expect(sent?.accepted).toEqual({ accountId, email, firstName: 'Bob', lastName: '', publicKey, fingerprint });
    expect([(await eventsOf(stack, bob))[0], (await eventsOf(stack, jane))[0]]).toEqual([
      'team-joined',
      'invite-accepted',
    ]);
    expect((await listed(stack, bob)).received).toEqual([]);
  });

  it('twice is once', async () => {
    const inviteId = await invited(stack, jane, teamId, bob.email);
    const answers = await Promise.all([0, 1, 2].map(() => call('invite-accept', bob, { inviteId })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const [team] = await stack.platform.database.get(teams.doc(teamId));
    expect(team?.data.members).toBe(2);
  });

  it('by the mailed code goes with an account under another address', async () => {
    const address = `work+${randomBytes(6).toString('hex')}@example.com`;
    await invite(jane, address);
    const code = await mailedCode(stack, address, 1);
    await expect(call('invite-accept', bob, { code })).resolves.toMatchObject({ status: 200, body: { teamId } });
    expect((await listed(stack, jane)).sent).toMatchObject([{ email: address, accepted: { email: bob.email } }]);
    const other = await newMember(stack, 'bob');
    await expect(call('invite-accept', other, { code })).resolves.toMatchObject(inviteOver('accepted'));
  });

  it('comes too late after seven days, after the admin took it back, and when the team is gone', async () => {
    const inviteId = await invited(stack, jane, teamId, bob.email);
    const late = await later(stack, 7.1, 'invite-accept', { inviteId }, bob.token);
    expect(late).toMatchObject(inviteOver('expired'));
    await call('invite-revoke', jane, { inviteId });
    await expect(call('invite-accept', bob, { inviteId })).resolves.toMatchObject(inviteOver('revoked'));
    const another = await newTeam(stack, jane);
    const other = await invited(stack, jane, another, bob.email);
    await call('team-delete', jane, { teamId: another });
    await expect(call('invite-accept', bob, { inviteId: other })).resolves.toMatchObject(inviteOver('revoked'));
    expect((await listed(stack, bob)).received).toEqual([]);
  });

  it('falls with the admin who sent it: nobody thrown out comes back by an invite of their own', async () => {
    const friend = await newMember(stack, 'bob');
    await joinTeam(stack, teamId, bob, 'admin');
    const inviteId = await invited(stack, bob, teamId, friend.email, 'admin');
    await call('team-member-remove', jane, { teamId, accountId: bob.accountId });
    expect((await listed(stack, friend)).received).toEqual([]);
    await expect(call('invite-accept', friend, { inviteId })).resolves.toMatchObject(inviteOver('revoked'));
    expect((await listed(stack, jane)).sent).toMatchObject([{ inviteId, state: 'revoked' }]);
  });

  it('stops at a full team', async () => {
    const inviteId = await invited(stack, jane, teamId, bob.email);
    const { database } = stack.platform;
    const [team] = await database.get(teams.doc(teamId));
    if (team === undefined) throw new Error('The team is not there.');
    await database.commit([update(team, { members: limits.teamMembers })]);
    await expect(call('invite-accept', bob, { inviteId })).resolves.toMatchObject({
      status: 413,
      body: { code: 'QUOTA_EXCEEDED', quota: 'teamMembers', limit: 200, used: 200, needed: 1 },
    });
  });

  it('names what is missing', async () => {
    await expect(call('invite-accept', bob, {})).resolves.toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT' },
    });
  });

  it('has a page that holds no code and changes nothing', async () => {
    const inviteId = await invited(stack, jane, teamId, bob.email);
    const code = await mailedCode(stack, bob.email, 2);
    const answer = await stack.call('invite-accept', { headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.text).toContain('You are invited to a team');
    expect((await stack.mailbox.waitFor(bob.email, 2)).text).toContain(`${stack.url}/invite-accept#${code}`);
    const [stored] = await stack.platform.database.get(invites.doc(inviteId));
    expect(stored?.data).toMatchObject({ state: 'pending', codeHash: sha256Hex(code) });
  });
});
