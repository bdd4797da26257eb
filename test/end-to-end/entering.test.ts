import { Connection } from '../../client/connection.ts';
import { listGroups } from '../../client/group.ts';
import { logIn, logOut, type Session } from '../../client/log-in.ts';
import { signUp, verifyAddress } from '../../client/sign-up.ts';
import { mailedToken } from '../support/people.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { expectProperAnswers, tapWire, type WireTap } from './wire-tap.ts';

const jane = { email: 'jane@example.com', passphrase: 'lanterns on the pier at dusk', firstName: 'Jane', lastName: '' };
const bob = { email: 'bob@example.com', passphrase: 'zwölf Meter gewachstes Seil', firstName: 'Bob', lastName: '' };

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

/** All that is stored but the outbox, which moves when a mail is delivered. */
async function stored(): Promise<unknown> {
  const { outbox: _moving, ...rest } = Object(await (await fetch(`${stack.url}/_local/store`)).json());
  return rest;
}

describe('Jane and Bob, from sign-up to logout,', () => {
  let tap: WireTap;
  let connection: Connection;
  let janes: Session;
  let janesToken: string;

  beforeAll(() => {
    tap = tapWire(stack.url);
    connection = new Connection(stack.url);
  });
  afterAll(() => tap.stop());

  it('sign up, and are told to look at their mail', async () => {
    await signUp(connection, jane);
    await signUp(connection, bob);
    for (const { status, received } of tap.exchanges) {
      expect({ status, received }).toEqual({ status: 202, received: '{"status":"verification-sent"}' });
    }
    const mail = await stack.mailbox.waitFor(jane.email);
    expect(mail).toMatchObject({ subject: 'Verify your address for Nightvault', html: expect.stringContaining('<a ') });
    expect(mail.text).toContain(`${stack.url}/account-verify?token=`);
  });

  it('cannot log in before they have verified: 403 with the right passphrase, 401 with a wrong one', async () => {
    await expect(logIn(connection, jane)).rejects.toMatchObject({
      code: 'EMAIL_NOT_VERIFIED',
      problem: { status: 403 },
    });
    const wrong = { ...jane, passphrase: 'something else' };
    await expect(logIn(connection, wrong)).rejects.toMatchObject({ code: 'LOGIN_FAILED', problem: { status: 401 } });
  });

  it('may open the page of the mail as often as they like: that changes nothing', async () => {
    const token = await mailedToken(stack, jane.email);
    const before = await stored();
    for (let visit = 0; visit < 2; visit++) {
      const page = await stack.call('account-verify', { query: { token } });
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
      expect(page.text).toContain('<button>');
    }
    expect(await stored()).toEqual(before);
    await expect(logIn(connection, jane)).rejects.toMatchObject({ code: 'EMAIL_NOT_VERIFIED' });
  });

  it('verify with the token, once', async () => {
    const token = await mailedToken(stack, jane.email);
    expect((await stack.call('account-verify', { body: { token } })).body).toEqual({ verified: true });
    const second = await stack.call('account-verify', { body: { token } });
    expect(second).toMatchObject({ status: 410, body: { code: 'TOKEN_EXPIRED', status: 410 } });
    await verifyAddress(connection, await mailedToken(stack, bob.email));
  });

  it('get one and the same refusal for a wrong passphrase and an unknown address', async () => {
    const problemOf = async (email: string, passphrase: string) => {
      const failure = await logIn(connection, { email, passphrase }).catch((error) => error);
      const { requestId, ...problem } = failure.problem;
      expect(requestId).toEqual(expect.any(String));
      return problem;
    };
    const wrong = await problemOf(jane.email, 'something else');
    expect(wrong).toMatchObject({ status: 401, code: 'LOGIN_FAILED' });
    expect(await problemOf('nobody@example.com', jane.passphrase)).toEqual(wrong);

    const salts = async (email: string) => (await stack.call('login-salts', { body: { email } })).body;
    expect(await salts('nobody@example.com')).toEqual(await salts('nobody@example.com'));
    expect(Object.keys(Object(await salts('nobody@example.com')))).toEqual(
      Object.keys(Object(await salts(jane.email))),
    );
  });

  it('log in however the address and the passphrase are spelt', async () => {
    janes = await logIn(connection, { email: ' Jane@Example.COM ', passphrase: ` ${jane.passphrase} ` });
    janesToken = tap.exchanges.at(-1)?.token ?? '';
    expect(janesToken).toMatch(/^[0-9a-f]{64}$/);
    expect(janes.account.email).toBe(jane.email);
    const bobs = await logIn(connection, { ...bob, passphrase: bob.passphrase.normalize('NFD') });
    expect(bobs.account.email).toBe(bob.email);
    expect(janes.expiresAt).toBeGreaterThan(Date.now());
  });

  it('answer a sign-up with a taken address as any other, and tell its owner by mail', async () => {
    const accountBefore = janes.account;
    await signUp(connection, { ...jane, passphrase: 'of somebody else' });
    expect(tap.exchanges.at(-1)).toMatchObject({ status: 202, received: '{"status":"verification-sent"}' });
    const mail = await stack.mailbox.waitFor(jane.email, 2);
    expect(mail.subject).toBe('You have a Nightvault account already');
    expect(mail.text).not.toContain('token=');
    const { account } = await logIn(connection, jane);
    expect(account).toEqual({ ...accountBefore, sessionAge: expect.any(Number), sessionExpiry: expect.any(Number) });
  });

  it('see their account with every field at the size that existing clients know', async () => {
    const { account, keys } = janes;
    expect(Object.keys(account).sort()).toEqual(
      [
        'accountId',
        'created',
        'email',
        'encPrivateKey',
        'encSymmetricKey',
        'firstName',
        'isVerified',
        'lastName',
      ].concat(['profile', 'publicKey', 'saltEnc', 'sessionAge', 'sessionExpiry']),
    );
    expect(account).toMatchObject({
      accountId: expect.stringMatching(/^acct_[0-9a-f]{32}$/),
      firstName: 'Jane',
      lastName: '',
      isVerified: true,
      saltEnc: expect.stringMatching(/^[0-9a-f]{64}$/),
      profile: 'srp6a-2048-sha256+pbkdf2-sha256-100000',
    });
    expect(account.encSymmetricKey).toHaveLength(467);
    expect(account.publicKey).toHaveLength(427);
    expect(Math.abs(account.encPrivateKey.length - 3717)).toBeLessThan(60);
    expect(JSON.stringify(keys.symmetricKey)).toHaveLength(122);
    const start = tap.exchanges.find(({ name, sent }) => name === 'login-start' && sent.includes('srpA'));
    expect(JSON.parse(start?.sent ?? '')).toMatchObject({ srpA: expect.stringMatching(/^[0-9a-f]{512}$/) });
    expect(JSON.parse(start?.received ?? '')).toMatchObject({ srpB: expect.stringMatching(/^[0-9a-f]{512}$/) });
    const finish = tap.exchanges.findLast(({ name, status }) => name === 'login-finish' && status === 200);
    expect(JSON.parse(finish?.received ?? '')).toMatchObject({ srpM2: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('a session ends at logout, for every way of naming it', async () => {
    const whoami = (headers: Record<string, string>) => stack.call('session-whoami', { headers });
    const [asBearer, asHeader] = [{ authorization: `Bearer ${janesToken}` }, { 'x-session-id': janesToken }];
    expect(await whoami(asHeader)).toMatchObject({ status: 200, body: { email: jane.email } });
    expect(await whoami(asBearer)).toMatchObject({ status: 200, body: { email: jane.email } });
    await logOut(janes);
    for (const headers of [asBearer, asHeader]) {
      expect(await whoami(headers)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    }
    await expect(listGroups(janes)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('every answer was exactly application/json or application/problem+json, named its request and forbade caching', () => {
    expect(tap.exchanges.length).toBeGreaterThan(30);
    expectProperAnswers(tap.exchanges);
  });
});
