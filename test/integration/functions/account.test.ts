import { randomBytes } from 'node:crypto';
import { accountResendVerification } from '../../../functions/account/account-resend-verification.ts';
import { accountVerify } from '../../../functions/account/account-verify.ts';
import { sha256Hex } from '../../../shared/platform/hash.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { rateRules } from '../../../shared/protocol/rate-rules.ts';
import { accounts } from '../../../shared/store/accounts.ts';
import { logins } from '../../../shared/store/logins.ts';
import { outbox } from '../../../shared/store/outbox.ts';
import { tokens } from '../../../shared/store/tokens.ts';
import { jsonRequest } from '../../support/in-process.ts';
import { attemptLogin, mailedToken, makePerson, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const sent = { status: 202, body: { status: 'verification-sent' } };
const expired = {
  status: 410,
  body: { code: 'TOKEN_EXPIRED', detail: 'This link was used already, has expired, or was replaced by a newer one.' },
};

const loginOf = async (email: string) => (await stack.platform.database.get(logins.doc(sha256Hex(email))))[0];

describe('account-create', () => {
  it('stores the account as sent and mails a link', async () => {
    const { email, signUpBody } = await makePerson();
    await expect(
      stack.call('account-create', { body: { ...signUpBody, email: ` ${email.toUpperCase()} ` } }),
    ).resolves.toMatchObject(sent);
    const login = await loginOf(email);
    expect(login?.data).toMatchObject({
      saltKey: signUpBody.saltKey,
      saltAuth: signUpBody.saltAuth,
      isVerified: false,
    });
    const [account] = await stack.platform.database.get(accounts.doc(login?.data.accountId ?? ''));
    const { verifier: _1, saltAuth: _2, saltKey: _3, ...kept } = signUpBody;
    expect(account?.data).toMatchObject({ ...kept, email, generation: 1 });
    await expect(mailedToken(stack, email)).resolves.toHaveLength(43);
  });

  it('lets nobody log in before the address is verified, and says why', async () => {
    const person = await makePerson();
    await stack.call('account-create', { body: person.signUpBody });
    const { finished } = await attemptLogin(stack, person);
    expect(finished).toMatchObject({ status: 403, body: { code: 'EMAIL_NOT_VERIFIED' } });
  });

  it('answers a taken address alike, changes nothing, and tells its owner by mail', async () => {
    const owner = await newMember(stack);
    const before = await loginOf(owner.email);
    const intruder = await makePerson();
    const body = { ...intruder.signUpBody, email: owner.email };
    await expect(stack.call('account-create', { body })).resolves.toMatchObject(sent);
    expect((await stack.mailbox.waitFor(owner.email, 2)).subject).toBe('You have a Nightvault account already');
    expect((await loginOf(owner.email))?.data).toEqual(before?.data);
    expect((await attemptLogin(stack, owner)).token).toBeDefined();
  });

  it('lets a newer sign-up replace one that was never verified; the old link is dead then', async () => {
    const first = await makePerson();
    await stack.call('account-create', { body: first.signUpBody });
    const oldToken = await mailedToken(stack, first.email);
    const oldAccount = (await loginOf(first.email))?.data.accountId ?? '';

    const second = await makePerson();
    await stack.call('account-create', { body: { ...second.signUpBody, email: first.email } });
    await stack.mailbox.waitFor(first.email, 2);
    const [gone] = await stack.platform.database.get(accounts.doc(oldAccount));
    expect(gone).toBeUndefined();
    await expect(stack.call('account-verify', { body: { token: oldToken } })).resolves.toMatchObject(expired);
    const token = await mailedToken(stack, first.email);
    await expect(stack.call('account-verify', { body: { token } })).resolves.toMatchObject({ status: 200 });
  });

  it('keeps one address one account when five sign-ups race', async () => {
    const email = `jane+${randomBytes(6).toString('hex')}@example.com`;
    const people = await Promise.all(Array.from({ length: 5 }, () => makePerson()));
    const answers = await Promise.all(
      people.map(({ signUpBody }) => stack.call('account-create', { body: { ...signUpBody, email } })),
    );
    for (const answer of answers) expect(answer).toMatchObject(sent);
    const found = await stack.platform.database.list({ collection: accounts, where: [['email', '==', email]] });
    expect(found.map(({ id }) => id)).toEqual([(await loginOf(email))?.data.accountId]);
  });

  it('gives a retry with the same Idempotency-Key one account and one mail', async () => {
    const { email, signUpBody } = await makePerson();
    const call = { body: signUpBody, headers: { 'idempotency-key': randomBytes(8).toString('hex') } };
    await stack.call('account-create', call);
    const { accountId } = (await loginOf(email))?.data ?? {};
    const again = await stack.call('account-create', call);
    expect(again).toMatchObject(sent);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await loginOf(email))?.data.accountId).toBe(accountId);
    const mails = await stack.platform.database.list({ collection: outbox, where: [['to', '==', email]] });
    expect(mails).toHaveLength(1);
  });

  it.each([
    ['verifier', '0'.repeat(512), 'must be greater than 1 and less than N-1'],
    ['verifier', `${'0'.repeat(511)}1`, 'must be greater than 1 and less than N-1'],
    ['verifier', 'ab', 'must be exactly 512 lower-case hex characters'],
    ['verifier', 'A'.repeat(512), 'must be exactly 512 lower-case hex characters'],
    ['saltKey', 'a'.repeat(63), 'must be exactly 64 lower-case hex characters'],
    ['publicKey', '{"kty":"RSA"}', 'must be a 2048-bit RSA-OAEP-256 public key as a JSON Web Key'],
    ['publicKey', 'no json', 'must be the text of a JSON object'],
    ['email', 'jane', 'must be an e-mail address'],
    ['firstName', 'a\u0000b', 'must be well-formed Unicode without control characters'],
    ['profile', 'md5', expect.stringContaining('Invalid option')],
  ])('refuses a wrong %s (%.20j) by name and writes nothing', async (field, value, message) => {
    const { email, signUpBody } = await makePerson();
    const answer = await stack.call('account-create', { body: { ...signUpBody, [field]: value } });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', errors: [{ path: `/${field}`, message }] },
    });
    expect(await loginOf(email)).toBeUndefined();
  });

  it('names every missing field', async () => {
    const { body } = await stack.call('account-create', { body: {} });
    const paths = (body as { errors: { path: string }[] }).errors.map(({ path }) => path).sort();
    const fields = [
      'email',
      'encPrivateKey',
      'encSymmetricKey',
      'firstName',
      'lastName',
      'publicKey',
      'saltAuth',
      'saltEnc',
      'saltKey',
      'verifier',
    ];
    expect(paths).toEqual(fields.map((field) => `/${field}`));
  });
});

describe('account-verify', () => {
  async function signedUp() {
    const person = await makePerson();
    await stack.call('account-create', { body: person.signUpBody });
    return { ...person, token: await mailedToken(stack, person.email) };
  }

  it('shows a page to whoever opens the link, and changes nothing', async () => {
    const { email, token } = await signedUp();
    const page = await stack.call('account-verify', { method: 'GET', query: { token } });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain(`value="${token}"`);
    expect((await loginOf(email))?.data.isVerified).toBe(false);
  });

  it('puts nothing into the page that could be script', async () => {
    const page = await stack.call('account-verify', { method: 'GET', query: { token: '"><script>alert(1)</script>' } });
    expect(page).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: '/token' }] } });
    expect(page.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each(['account-verify', 'email-change-confirm'])(
    'tells a browser that the link to %s is cut off',
    async (name) => {
      const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
      const cutOff = { method: 'GET', query: { token: '"><script>' } };
      const page = await stack.call(name, { ...cutOff, headers: { accept } });
      expect(page.status).toBe(400);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.text).toContain('<h1>This link is not whole</h1>');
      expect(page.text).not.toContain('"><script>');
      const problem = await stack.call(name, { ...cutOff, headers: { accept: `application/json, ${accept}` } });
      expect(problem).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: '/token' }] } });
    },
  );

  it('takes the token once, as JSON', async () => {
    const { email, token } = await signedUp();
    await expect(stack.call('account-verify', { body: { token } })).resolves.toMatchObject({
      status: 200,
      body: { verified: true },
    });
    expect((await loginOf(email))?.data.isVerified).toBe(true);
    await expect(stack.call('account-verify', { body: { token } })).resolves.toMatchObject(expired);
  });

  it('takes it as a form too, and answers a browser with a page', async () => {
    const { token } = await signedUp();
    const answer = await fetch(`${stack.url}/account-verify`, {
      method: 'POST',
      headers: { accept: 'text/html,application/xhtml+xml' },
      body: new URLSearchParams({ token }),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toContain('Your address is verified');
  });

  it('lets one of two racing calls win', async () => {
    const { token } = await signedUp();
    const answers = await Promise.all([1, 2, 3, 4].map(() => stack.call('account-verify', { body: { token } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410]);
  });

  it('refuses a token past its day, whether or not the store has swept it', async () => {
    const { email, token } = await signedUp();
    const later = { ...stack.platform, clock: { now: () => Date.now() + lifetimes.verificationToken } };
    expect((await serve(accountVerify, jsonRequest({ token }), later)).status).toBe(410);
    expect((await loginOf(email))?.data.isVerified).toBe(false);
  });

  it('stores the token as a hash only', async () => {
    const { token } = await signedUp();
    const [stored] = await stack.platform.database.get(tokens.doc(sha256Hex(token)));
    expect(stored?.data.purpose).toBe('verify-email');
    expect(JSON.stringify(stored?.data)).not.toContain(token);
  });
});

describe('account-resend-verification', () => {
  it('mails a new link that works', async () => {
    const person = await makePerson();
    await stack.call('account-create', { body: person.signUpBody });
    await stack.mailbox.waitFor(person.email);
    await expect(stack.call('account-resend-verification', { body: { email: person.email } })).resolves.toMatchObject(
      sent,
    );
    await stack.mailbox.waitFor(person.email, 2);
    const token = await mailedToken(stack, person.email);
    await expect(stack.call('account-verify', { body: { token } })).resolves.toMatchObject({ status: 200 });
  });

  it('answers an unknown address alike and mails nobody', async () => {
    const email = `nobody+${randomBytes(6).toString('hex')}@example.com`;
    await expect(stack.call('account-resend-verification', { body: { email } })).resolves.toMatchObject(sent);
    expect(await loginOf(email)).toBeUndefined();
    expect(stack.mailbox.mails().filter(({ to }) => to === email)).toEqual([]);
  });

  it('is limited by the address it names, known or not, and says when to come back', async () => {
    const email = `nobody+${randomBytes(6).toString('hex')}@example.com`;
    const { limit, name: rule } = rateRules.resendByEmail;
    const now = Date.now();
    const frozen = { ...stack.platform, clock: { now: () => now } };
    const statuses: number[] = [];
    for (let count = 0; count < limit; count += 1) {
      statuses.push((await serve(accountResendVerification, jsonRequest({ email }), frozen)).status);
    }
    expect(statuses).toEqual(Array.from({ length: limit }, () => 202));
    const { status, headers, body } = await serve(accountResendVerification, jsonRequest({ email }), frozen);
    expect(status).toBe(429);
    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'RATE_LIMITED', rule, limit });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });
});
