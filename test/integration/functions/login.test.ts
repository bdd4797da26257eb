import { randomBytes } from 'node:crypto';
import { loginFinish } from '../../../functions/login/login-finish.ts';
import { srpGroups } from '../../../shared/crypto/srp/groups.ts';
import { sessionIdOf } from '../../../shared/platform/authentication.ts';
import { sha256Hex } from '../../../shared/platform/hash.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { logins } from '../../../shared/store/logins.ts';
import { sessions } from '../../../shared/store/sessions.ts';
import { jsonRequest } from '../../support/in-process.ts';
import { attemptLogin, beginLogin, type Member, mailedToken, makePerson, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;

beforeAll(async () => {
  stack = await startTestStack();
  jane = await newMember(stack);
});
afterAll(() => stack.stop());

const loginFailed = {
  status: 401,
  body: { code: 'LOGIN_FAILED', detail: 'The address, the passphrase or the handshake is wrong, used or too old.' },
};

describe('a login', () => {
  it('proves both sides and gives a session that lasts 56 days', async () => {
    const { finished, token } = await attemptLogin(stack, jane);
    expect(finished.headers.get('content-type')).toBe('application/json');
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    const { expiresAt } = finished.body as { expiresAt: number };
    const [session] = await stack.platform.database.get(sessions.doc(sessionIdOf(token ?? '')));
    expect(session?.data).toMatchObject({ accountId: jane.accountId, expires: expiresAt });
    expect(expiresAt - (session?.data.created ?? 0)).toBe(lifetimes.session);
  });

  it('works in the 3072-bit profile too', async () => {
    const person = await makePerson('bob', 'srp6a-3072-sha256+pbkdf2-sha256-600000');
    await stack.call('account-create', { body: person.signUpBody });
    await stack.call('account-verify', { body: { token: await mailedToken(stack, person.email) } });
    const { salts, started, token } = await attemptLogin(stack, person);
    expect(salts.body).toMatchObject({ profile: 'srp6a-3072-sha256+pbkdf2-sha256-600000' });
    expect((started.body as { srpB: string }).srpB).toHaveLength(768);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
  });

  it('keeps the verifier sealed: its bytes are nowhere in the store', async () => {
    const [login] = await stack.platform.database.get(logins.doc(sha256Hex(jane.email)));
    const sealed = Buffer.from(login?.data.sealedVerifier.split('.')[1] ?? '', 'base64url');
    expect(sealed.length).toBe(256 + 12 + 16);
    expect(sealed.includes(Buffer.from(jane.signUpBody.verifier ?? '', 'hex').subarray(0, 16))).toBe(false);
  });

  it('takes each handshake once, also when two calls race', async () => {
    const { body, token } = await attemptLogin(stack, jane);
    expect(token).toBeDefined();
    await expect(stack.call('login-finish', { body })).resolves.toMatchObject(loginFailed);

    const wrong = await attemptLogin(stack, { ...jane, authSecret: randomBytes(32).toString('hex') });
    expect(wrong.finished).toMatchObject(loginFailed);
    const answers = await Promise.all([1, 2, 3].map(() => stack.call('login-finish', { body: wrong.body })));
    for (const answer of answers) expect(answer).toMatchObject(loginFailed);
  });

  it('refuses a handshake past its two minutes', async () => {
    const { body } = await attemptLogin(stack, { ...jane, authSecret: randomBytes(32).toString('hex') });
    const later = { ...stack.platform, clock: { now: () => Date.now() + lifetimes.handshake + 1 } };
    const answer = await serve(loginFinish, jsonRequest(body), later);
    expect({ status: answer.status, body: JSON.parse(answer.body ?? '') }).toMatchObject(loginFailed);
  });

  it('refuses a sessionStarterId that is not ours or was changed', async () => {
    const { started } = await attemptLogin(stack, jane);
    const { sessionStarterId } = started.body as { sessionStarterId: string };
    const srpM1 = '0'.repeat(64);
    for (const forged of ['1.AAAA', 'nonsense', `${sessionStarterId.slice(0, -6)}AAAAAA`, '7.'.padEnd(200, 'A')]) {
      await expect(stack.call('login-finish', { body: { sessionStarterId: forged, srpM1 } })).resolves.toMatchObject(
        loginFailed,
      );
    }
  });

  it('gives an idempotent retry its first answer, where a plain one would find the handshake used', async () => {
    const { body } = await beginLogin(stack, jane);
    const headers = { 'idempotency-key': randomBytes(8).toString('hex') };
    const first = await stack.call('login-finish', { body, headers });
    const again = await stack.call('login-finish', { body, headers });
    expect(first.status).toBe(200);
    expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    await expect(stack.call('login-finish', { body })).resolves.toMatchObject(loginFailed);
  });
});

describe('an unknown address', () => {
  const unknown = `nobody+${randomBytes(6).toString('hex')}@example.com`;

  it('gets salts that are stable, plausible and its own', async () => {
    const [one, two, other] = await Promise.all(
      [unknown, unknown.toUpperCase(), `x${unknown}`].map((email) => stack.call('login-salts', { body: { email } })),
    );
    expect(one?.body).toEqual(two?.body);
    expect(one?.body).not.toEqual(other?.body);
    expect(one?.body).toEqual({
      saltKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      saltAuth: expect.stringMatching(/^[0-9a-f]{64}$/),
      profile: 'srp6a-2048-sha256+pbkdf2-sha256-100000',
    });
  });

  it('answers every step in the same shape and length as a known one', async () => {
    const wrong = randomBytes(32).toString('hex');
    const known = await attemptLogin(stack, { email: jane.email, authSecret: wrong });
    const decoy = await attemptLogin(stack, { email: unknown, authSecret: wrong });
    expect(decoy.finished).toMatchObject(loginFailed);
    for (const step of ['salts', 'started', 'finished'] as const) {
      const shape = ({ status, headers, body }: (typeof known)[typeof step]) => ({
        status,
        headers: [...headers.keys()].sort(),
        lengths: Object.entries(body as object).map(([name, value]) => [name, String(value).length]),
      });
      expect(shape(decoy[step])).toEqual(shape(known[step]));
    }
  });
});

describe('login-start', () => {
  it.each([
    ['A = 0', '0'.repeat(512)],
    ['A = N', srpGroups[2048].N.toString(16)],
    ['A > N', 'f'.repeat(512)],
  ])('refuses %s', async (_what, srpA) => {
    const answer = await stack.call('login-start', { body: { email: jane.email, srpA } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: '/srpA' }] } });
  });

  it.each([
    ['too short', 'ab'],
    ['too long', 'a'.repeat(514)],
    ['a mebibyte', 'a'.repeat(60_000)],
    ['upper case', 'A'.repeat(512)],
    ["another profile's length", 'a'.repeat(768)],
  ])('refuses an srpA that is %s', async (_what, srpA) => {
    const answer = await stack.call('login-start', { body: { email: jane.email, srpA } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path: '/srpA' }] } });
  });
});
