import { randomBytes } from 'node:crypto';
import { Connection } from '../../../client/connection.ts';
import { changeAddress, confirmAddress } from '../../../client/email-address.ts';
import { createGroup, listGroups } from '../../../client/group.ts';
import { logIn, type Session } from '../../../client/log-in.ts';
import { changePassphrase, sendPassphraseCode } from '../../../client/passphrase.ts';
import { signUp, verifyAddress } from '../../../client/sign-up.ts';
import { sha256Hex } from '../../../shared/platform/hash.ts';
import { sessionWhoami } from '../../../shared/protocol/account.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { accounts } from '../../../shared/store/accounts.ts';
import { logins } from '../../../shared/store/logins.ts';
import { personalTeamOf, teamMembers, teams } from '../../../shared/store/teams.ts';
import { tokens } from '../../../shared/store/tokens.ts';
import { callInProcess, jsonRequest } from '../../support/in-process.ts';
import { codeIn, mailsTo } from '../../support/mail.ts';
import { attemptLogin, beginLogin, type Member, mailedToken, makePerson, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const fresh = (name: string) => `${name}+${randomBytes(6).toString('hex')}@example.com`;
const database = () => stack.platform.database;
const loginOf = async (email: string) => (await database().get(logins.doc(sha256Hex(email))))[0];
const accountOf = async (id: string) => (await database().get(accounts.doc(id)))[0]?.data;
const tokensOf = (accountId: string) =>
  database().list({ collection: tokens, where: [['accountId', '==', accountId]] });

/** The token from the newest mail that moves an account to this address. */
async function linkTo(email: string, count = 1): Promise<string> {
  const { text } = await stack.mailbox.waitFor(email, count);
  return /email-change-confirm\?token=([A-Za-z0-9_-]{43})/.exec(text)?.[1] ?? '';
}

/** New secrets for another address, as a client derives them; no handshake is begun. */
async function secretsFor(member: Member, email: string) {
  const { authSecret, signUpBody } = await makePerson('jane', undefined, email);
  const { saltKey, saltAuth, saltEnc, verifier, profile } = signUpBody;
  const encSymmetricKey = JSON.stringify({ iv: '02', t: '02', d: randomBytes(16).toString('hex'), ad: '' });
  const keys = { encSymmetricKey, baseEncSymmetricKey: member.signUpBody.encSymmetricKey };
  return { authSecret, body: { email, saltKey, saltAuth, saltEnc, verifier, profile, ...keys } };
}

const start = (member: Member, body: object, headers: Readonly<Record<string, string>> = {}) =>
  stack.call('email-change-start', { token: member.token, body, headers });

async function asked(member: Member, email: string) {
  const { authSecret, body } = await secretsFor(member, email);
  const answer = await start(member, { ...body, proof: (await beginLogin(stack, member)).body });
  return { authSecret, answer };
}

const confirm = (token: string) => stack.call('email-change-confirm', { body: { token } });
const expired = {
  status: 410,
  body: {
    code: 'TOKEN_EXPIRED',
    detail: 'This link was used already, has expired, or was replaced by a newer one.',
  },
};
const started = { status: 202, body: { status: 'confirmation-sent' } };

describe('a change of address, by the client', () => {
  const passphrase = 'seven herons on the pier';
  async function enter(email: string): Promise<Session> {
    const connection = new Connection(stack.url);
    await signUp(connection, { email, passphrase, firstName: 'Jane', lastName: 'Doe' });
    await verifyAddress(connection, await mailedToken(stack, email));
    return logIn(connection, { email, passphrase });
  }

  it('moves account, keys and groups to the new address, logs all devices out, and tells the old address', async () => {
    const [old, next] = [fresh('jane'), fresh('jane.doe')];
    const session = await enter(old);
    const group = await createGroup(session, 'Web shop');
    await changeAddress(session, { email: ` ${next.toUpperCase()}`, passphrase });
    const token = await linkTo(next);
    // Nothing has changed yet, nor does opening the page change anything.
    const page = await stack.call('email-change-confirm', { query: { token } });
    expect(page.status).toBe(200);
    expect(page.text).toContain(`value="${token}"`);
    expect((await logIn(new Connection(stack.url), { email: old, passphrase })).account.email).toBe(old);

    await confirmAddress(new Connection(stack.url), token);
    const ended = session.connection.get('session-whoami', sessionWhoami, {});
    await expect(ended).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'This session has ended. Log in again.',
    });
    const again = await logIn(new Connection(stack.url), { email: next, passphrase });
    expect(again.account).toMatchObject({ accountId: session.account.accountId, email: next, isVerified: true });
    expect(again.keys).toEqual(session.keys);
    expect((await listGroups(again)).map(({ id, keys }) => ({ id, keys }))).toEqual([
      { id: group.id, keys: group.keys },
    ]);

    const refused = logIn(new Connection(stack.url), { email: old, passphrase });
    await expect(refused).rejects.toMatchObject({ code: 'LOGIN_FAILED' });
    const notice = await stack.mailbox.waitFor(old, 2);
    expect(notice.text).toContain('Your account was moved to another address');
    expect(notice.text).toContain('Tell the people who run this server at once.');
    expect(notice.text).not.toContain(next);
  });

  it('takes a mailed code in place of the passphrase, which is then the one that is given', async () => {
    const [old, next] = [fresh('jane'), fresh('jane')];
    const session = await enter(old);
    await sendPassphraseCode(session);
    const code = codeIn(await stack.mailbox.waitFor(old, 2));
    await changeAddress(session, { email: next, passphrase: 'another one' }, code);
    const refused = changeAddress(session, { email: next, passphrase: 'another one' }, code);
    await expect(refused).rejects.toMatchObject({ code: 'PROOF_FAILED' });
    await confirmAddress(new Connection(stack.url), await linkTo(next));
    const again = await logIn(new Connection(stack.url), { email: next, passphrase: 'another one' });
    expect(again.keys).toEqual(session.keys);
  });

  it('does not undo a passphrase that was set after the mail was sent', async () => {
    const [old, next] = [fresh('jane'), fresh('jane')];
    const session = await enter(old);
    await changeAddress(session, { email: next, passphrase });
    await changePassphrase(session, { oldPassphrase: passphrase }, 'another one');
    const late = confirmAddress(new Connection(stack.url), await linkTo(next));
    await expect(late).rejects.toMatchObject({
      code: 'KEYS_CHANGED',
      message: 'The passphrase was changed after this mail was sent. Ask for the change again.',
    });
    expect((await logIn(new Connection(stack.url), { email: old, passphrase: 'another one' })).keys).toEqual(
      session.keys,
    );
  });
});

describe('email-change-start', () => {
  it('answers alike for an address that has an account, whose owner is told, and who keeps it', async () => {
    const [jane, bob] = [await newMember(stack), await newMember(stack, 'bob')];
    const { answer } = await asked(jane, bob.email);
    expect(answer).toMatchObject(started);
    const mail = await stack.mailbox.waitFor(bob.email, 2);
    expect(mail.subject).toBe('Your address belongs to a Nightvault account already');
    expect(mail.text).not.toMatch(/token=|[A-Za-z0-9_-]{43}/);
    expect((await attemptLogin(stack, bob)).finished.status).toBe(200);
    expect((await attemptLogin(stack, jane)).finished.status).toBe(200);
  });

  it('costs the same for both', async () => {
    const [jane, bob] = [await newMember(stack), await newMember(stack, 'bob')];
    const line = async (email: string) => {
      const before = stack.logs.length;
      await asked(jane, email);
      const found = stack.logs.slice(before).find((each) => each.message === 'email-change-start 202');
      return { reads: found?.reads, writes: found?.writes };
    };
    const known = await line(bob.email);
    expect(known.writes).toBeGreaterThan(0);
    expect(await line(fresh('nobody'))).toEqual(known);
  });

  it('believes a passphrase once, and nobody else’s; and changes nothing without', async () => {
    const [jane, bob] = [await newMember(stack), await newMember(stack, 'bob')];
    const next = fresh('jane');
    const { body } = await secretsFor(jane, next);
    const failed = {
      status: 403,
      body: { code: 'PROOF_FAILED', detail: 'The passphrase or the code is wrong, used or too old.' },
    };
    const wrong = (await beginLogin(stack, { ...jane, authSecret: '0'.repeat(64) })).body;
    await expect(start(jane, { ...body, proof: wrong })).resolves.toMatchObject(failed);
    await expect(start(jane, { ...body, proof: (await beginLogin(stack, bob)).body })).resolves.toMatchObject(failed);
    const right = (await beginLogin(stack, jane)).body;
    await expect(start(jane, { ...body, proof: right })).resolves.toMatchObject(started);
    await expect(start(jane, { ...body, proof: right })).resolves.toMatchObject(failed);
    expect(mailsTo(stack, next).length).toBeLessThanOrEqual(1);
  });

  it('refuses the address that the account has, keys that are not the present ones, and unusable secrets', async () => {
    const jane = await newMember(stack);
    const { body } = await secretsFor(jane, jane.email);
    const own = await start(jane, { ...body, proof: (await beginLogin(stack, jane)).body });
    expect(own).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', errors: [{ path: '/email', message: 'is the address of the account already' }] },
    });
    const stale = { ...body, email: fresh('jane'), baseEncSymmetricKey: '{"stale":1}' };
    await expect(start(jane, { ...stale, proof: (await beginLogin(stack, jane)).body })).resolves.toMatchObject({
      status: 409,
      body: { code: 'KEYS_CHANGED', detail: 'The account key is not encrypted as the caller says it is.' },
    });
    const unusable = { ...body, verifier: `${'0'.repeat(511)}1`, proof: { code: 'a'.repeat(43) } };
    await expect(start(jane, unusable)).resolves.toMatchObject({
      status: 400,
      body: { errors: [{ path: '/verifier' }] },
    });
  });

  it('gives a retry its first answer and sends no second mail', async () => {
    const jane = await newMember(stack);
    const next = fresh('jane');
    const body = { ...(await secretsFor(jane, next)).body, proof: (await beginLogin(stack, jane)).body };
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    await expect(start(jane, body, headers)).resolves.toMatchObject(started);
    const again = await start(jane, body, headers);
    expect(again).toMatchObject(started);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await tokensOf(jane.accountId)).toHaveLength(1);
  });

  it('is limited for an account', async () => {
    const jane = await newMember(stack);
    const body = { ...(await secretsFor(jane, fresh('jane'))).body, proof: { code: 'a'.repeat(43) } };
    const statuses = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await start(jane, { ...body, email: fresh('jane') })).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
  });

  it('is limited for the address that would get the mails, whoever asks', async () => {
    const [jane, bob] = [await newMember(stack), await newMember(stack, 'bob')];
    const body = { ...(await secretsFor(jane, fresh('jane'))).body, proof: { code: 'a'.repeat(43) } };
    const statuses = [];
    for (const member of [jane, jane, jane, bob, bob, bob]) statuses.push((await start(member, body)).status);
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
  });
});

describe('email-change-confirm', () => {
  it('takes the token once, and lets one of racing calls win', async () => {
    const jane = await newMember(stack);
    const next = fresh('jane');
    const { authSecret } = await asked(jane, next);
    const token = await linkTo(next);
    const answers = await Promise.all([1, 2, 3].map(() => confirm(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
    await expect(confirm(token)).resolves.toMatchObject(expired);
    const { token: session } = await attemptLogin(stack, { email: next, authSecret });
    const audit = await stack.call('audit-list', { token: session });
    const { events } = audit.body as { events: { event: string }[] };
    expect(events.map(({ event }) => event)).toEqual(['email-changed', 'email-change-started']);
  });

  it('takes a form, and answers a browser with a page', async () => {
    const jane = await newMember(stack);
    const next = fresh('jane');
    await asked(jane, next);
    const answer = await fetch(`${stack.url}/email-change-confirm`, {
      method: 'POST',
      headers: { accept: 'text/html,application/xhtml+xml' },
      body: new URLSearchParams({ token: await linkTo(next) }),
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Your address is changed');
  });

  it('refuses a token past its hour, of another purpose, or made up', async () => {
    const jane = await newMember(stack);
    const next = fresh('jane');
    await asked(jane, next);
    const request = jsonRequest({ token: await linkTo(next) });
    const clock = { now: () => Date.now() + lifetimes.emailChange };
    expect((await callInProcess('email-change-confirm', request, { ...stack.platform, clock })).status).toBe(410);
    const other = await makePerson();
    await stack.call('account-create', { body: other.signUpBody });
    await expect(confirm(await mailedToken(stack, other.email))).resolves.toMatchObject(expired);
    await expect(confirm('a'.repeat(43))).resolves.toMatchObject(expired);
    expect((await accountOf(jane.accountId))?.email).toBe(jane.email);
  });

  it('gives one of two accounts the address that both want, and says so to the other', async () => {
    const [jane, bob] = [await newMember(stack), await newMember(stack, 'bob')];
    const next = fresh('both');
    await asked(jane, next);
    const first = await linkTo(next);
    await asked(bob, next);
    const second = await linkTo(next, 2);
    const answers = await Promise.all([confirm(first), confirm(second)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'EMAIL_IN_USE',
      detail: 'This address has got an account of its own meanwhile.',
    });
    const loser = answers[0]?.status === 409 ? jane : bob;
    expect((await attemptLogin(stack, loser)).finished.status).toBe(200);
  });

  it('gives way to a sign-up that was verified meanwhile, and takes the place of one that was not', async () => {
    const [jane, bob] = [await newMember(stack), await newMember(stack, 'bob')];
    const next = fresh('new');
    await asked(jane, next);
    const token = await linkTo(next);
    const unverified = await makePerson('bob', undefined, next);
    await stack.call('account-create', { body: unverified.signUpBody });
    const verification = await stack.mailbox.waitFor(next, 2);
    const replaced = (await loginOf(next))?.data.accountId ?? '';
    await expect(confirm(token)).resolves.toMatchObject({ status: 200, body: { changed: true } });
    expect((await loginOf(next))?.data).toMatchObject({ accountId: jane.accountId, isVerified: true });
    expect(await accountOf(replaced)).toBeUndefined();
    const team = personalTeamOf(replaced);
    const left = await stack.platform.database.get(teams.doc(team), teamMembers(team).doc(replaced));
    expect(left).toEqual([undefined, undefined]);
    const stale = /token=([A-Za-z0-9_-]{43})/.exec(verification.text)?.[1];
    await expect(stack.call('account-verify', { body: { token: stale } })).resolves.toMatchObject({ status: 410 });

    const other = fresh('other');
    await asked(bob, other);
    const late = await linkTo(other);
    const owner = await makePerson('jane', undefined, other);
    await stack.call('account-create', { body: owner.signUpBody });
    await stack.mailbox.waitFor(other, 2);
    await stack.call('account-verify', { body: { token: await mailedToken(stack, other) } });
    await expect(confirm(late)).resolves.toMatchObject({ status: 409, body: { code: 'EMAIL_IN_USE' } });
    expect((await attemptLogin(stack, owner)).finished.status).toBe(200);
    expect((await attemptLogin(stack, bob)).finished.status).toBe(200);
  });

  it('leaves nothing that the old mailbox could be used for', async () => {
    const jane = await newMember(stack);
    const next = fresh('jane');
    await stack.call('passphrase-code-send', { token: jane.token, body: {} });
    const code = codeIn(await stack.mailbox.waitFor(jane.email, 2));
    const elsewhere = fresh('elsewhere');
    await asked(jane, elsewhere);
    const other = await linkTo(elsewhere);
    const { authSecret } = await asked(jane, next);
    await confirm(await linkTo(next));
    expect(await tokensOf(jane.accountId)).toEqual([]);
    await expect(confirm(other)).resolves.toMatchObject(expired);
    const { token } = await attemptLogin(stack, { email: next, authSecret });
    const { body } = await secretsFor(jane, fresh('jane'));
    const { email: _email, ...secrets } = body;
    const stolen = { token: token ?? '', body: { ...secrets, proof: { code } } };
    await expect(stack.call('passphrase-change', stolen)).resolves.toMatchObject({ body: { code: 'PROOF_FAILED' } });
    const unknown = await stack.call('account-resend-verification', { body: { email: jane.email } });
    expect(unknown).toMatchObject({ status: 202, body: { status: 'verification-sent' } });
    expect(await loginOf(jane.email)).toBeUndefined();
  });

  it('does not believe a code that was mailed to the old address at the same moment', async () => {
    const jane = await newMember(stack);
    const next = fresh('jane');
    const { authSecret } = await asked(jane, next);
    const link = await linkTo(next);
    await stack.call('passphrase-code-send', { token: jane.token, body: {} });
    const code = codeIn(await stack.mailbox.waitFor(jane.email, 2));
    const [late] = (await tokensOf(jane.accountId)).filter(({ data }) => data.purpose === 'passphrase-change');
    await confirm(link);
    if (late === undefined) throw new Error('No code was stored.');
    await database().commit([{ kind: 'create', path: late.ref.path, data: late.data }]);
    const { token } = await attemptLogin(stack, { email: next, authSecret });
    const { email: _email, ...secrets } = (await secretsFor(jane, next)).body;
    const base = (await accountOf(jane.accountId))?.encSymmetricKey;
    const stolen = { token: token ?? '', body: { ...secrets, baseEncSymmetricKey: base, proof: { code } } };
    await expect(stack.call('passphrase-change', stolen)).resolves.toMatchObject({
      status: 403,
      body: { code: 'PROOF_FAILED', detail: 'The passphrase or the code is wrong, used or too old.' },
    });
  });

  it('lets the old address be signed up with anew, by whoever has it', async () => {
    const jane = await newMember(stack);
    const next = fresh('jane');
    await asked(jane, next);
    await confirm(await linkTo(next));
    const unknown = await attemptLogin(stack, jane);
    expect(unknown.finished).toMatchObject({ status: 401, body: { code: 'LOGIN_FAILED' } });
    const nobody = await attemptLogin(stack, { email: fresh('nobody'), authSecret: jane.authSecret });
    expect(unknown.salts.headers.get('content-type')).toBe(nobody.salts.headers.get('content-type'));
    expect(Object.keys(unknown.salts.body as object)).toEqual(Object.keys(nobody.salts.body as object));
    expect(unknown.finished.body).toMatchObject({ detail: (nobody.finished.body as { detail: string }).detail });
    const again = await makePerson('bob', undefined, jane.email);
    await stack.call('account-create', { body: again.signUpBody });
    expect((await loginOf(jane.email))?.data).toMatchObject({ isVerified: false });
  });
});
