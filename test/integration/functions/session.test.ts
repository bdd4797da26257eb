import { sessionWhoami } from '../../../functions/session/session-whoami.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { jsonRequest } from '../../support/in-process.ts';
import { attemptLogin, type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;

beforeAll(async () => {
  stack = await startTestStack();
  jane = await newMember(stack);
});
afterAll(() => stack.stop());

describe('session-whoami', () => {
  it('hands the account back as its client made it', async () => {
    const { status, headers, body } = await stack.call('session-whoami', { token: jane.token });
    const { publicKey, encPrivateKey, encSymmetricKey, saltEnc, firstName, lastName, profile } = jane.signUpBody;
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toEqual({
      accountId: jane.accountId,
      email: jane.email,
      ...{ publicKey, encPrivateKey, encSymmetricKey, saltEnc, firstName, lastName, profile },
      created: expect.any(Number),
      isVerified: true,
      sessionAge: expect.any(Number),
      sessionExpiry: expect.any(Number),
    });
  });

  it('takes the token as X-Session-Id too', async () => {
    const answer = await stack.call('session-whoami', { headers: { 'x-session-id': jane.token } });
    expect(answer).toMatchObject({ status: 200, body: { email: jane.email } });
  });

  it('counts age and expiry in whole seconds', async () => {
    const later = { ...stack.platform, clock: { now: () => Date.now() + 3_600_000 } };
    const request = { ...jsonRequest({}), method: 'GET', headers: { authorization: `Bearer ${jane.token}` } };
    const { sessionAge, sessionExpiry } = JSON.parse((await serve(sessionWhoami, request, later)).body ?? '');
    expect(sessionAge).toBeGreaterThanOrEqual(3600);
    expect(Number.isInteger(sessionAge) && Number.isInteger(sessionExpiry)).toBe(true);
    expect(Math.abs(sessionAge + sessionExpiry - lifetimes.session / 1000)).toBeLessThanOrEqual(1);
  });

  it('ends with the session, swept or not', async () => {
    const later = { ...stack.platform, clock: { now: () => Date.now() + lifetimes.session } };
    const request = { ...jsonRequest({}), method: 'GET', headers: { authorization: `Bearer ${jane.token}` } };
    const { status, body } = await serve(sessionWhoami, request, later);
    expect(status).toBe(401);
    expect(JSON.parse(body ?? '')).toMatchObject({
      code: 'UNAUTHENTICATED',
      detail: 'This session has ended. Log in again.',
    });
  });

  it('refuses a token nobody was given', async () => {
    const answer = await stack.call('session-whoami', { token: '0'.repeat(64) });
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('session-logout', () => {
  it('ends this session and no other', async () => {
    const { token = '' } = await attemptLogin(stack, jane);
    const answer = await stack.call('session-logout', { token, body: {} });
    expect(answer).toMatchObject({ status: 204, body: undefined });
    await expect(stack.call('session-whoami', { token })).resolves.toMatchObject({ status: 401 });
    await expect(stack.call('session-whoami', { token: jane.token })).resolves.toMatchObject({ status: 200 });
  });

  it('needs no body at all', async () => {
    const { token = '' } = await attemptLogin(stack, jane);
    const answer = await fetch(`${stack.url}/session-logout`, { method: 'POST', headers: { 'x-session-id': token } });
    expect(answer.status).toBe(204);
  });
});
