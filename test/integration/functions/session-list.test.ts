import { sessionIdOf } from '../../../shared/platform/authentication.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { auditEvents } from '../../../shared/store/audit.ts';
import { sessions } from '../../../shared/store/sessions.ts';
import { callInProcess, rawRequest } from '../../support/in-process.ts';
import { attemptLogin, beginLogin, type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;
let bob: Member;
beforeAll(async () => {
  stack = await startTestStack();
  bob = await newMember(stack, 'bob');
});
beforeEach(async () => {
  jane = await newMember(stack, 'jane');
});
afterAll(() => stack.stop());

interface Listed {
  readonly sessionId: string;
  readonly label: string;
  readonly current: boolean;
}

const list = async (token: string) =>
  ((await stack.call('session-list', { token })).body as { sessions: Listed[] }).sessions;
const revoke = (token: string, sessionId: string) => stack.call('session-revoke', { token, body: { sessionId } });
const enter = async () => (await attemptLogin(stack, jane)).token ?? '';
const statusOf = async (token: string) => (await stack.call('session-whoami', { token })).status;

const whoamiAt = (token: string, now: number) =>
  callInProcess('session-whoami', rawRequest({ method: 'GET', query: {}, token }), {
    ...stack.platform,
    clock: { now: () => now },
  });

describe('session-list', () => {
  it("shows the account's own devices, by the names they gave, and which one asks", async () => {
    const { proof, body } = await beginLogin(stack, jane);
    const finished = await stack.call('login-finish', {
      body: { ...body, label: ' Desk ' },
      headers: { 'user-agent': 'Other/1' },
    });
    const desk = proof.verify((finished.body as { srpM2: string }).srpM2);
    const listed = await list(desk);
    expect(listed).toHaveLength(2);
    expect(listed.find(({ current }) => current)).toMatchObject({ label: 'Desk', sessionId: sessionIdOf(desk) });
    expect(listed.find(({ current }) => !current)?.sessionId).toBe(sessionIdOf(jane.token));
    expect(JSON.stringify(listed)).not.toContain(desk);
    expect((await list(bob.token)).map(({ sessionId }) => sessionId)).toEqual([sessionIdOf(bob.token)]);
  });

  it('takes the name from the user agent, printable and short, where none is given', async () => {
    const { body } = await beginLogin(stack, jane);
    await stack.call('login-finish', { body, headers: { 'user-agent': `Vault/2 ${'x'.repeat(200)}` } });
    const labels = (await list(jane.token)).map(({ label }) => label);
    expect(labels).toContain(`Vault/2 ${'x'.repeat(92)}`);
  });

  it('refuses a name that is too long', async () => {
    const { body } = await beginLogin(stack, jane);
    await expect(stack.call('login-finish', { body: { ...body, label: 'x'.repeat(101) } })).resolves.toMatchObject({
      status: 400,
      body: { errors: [{ path: '/label' }] },
    });
  });
});

describe('session-revoke', () => {
  it('ends one session, the others, or all', async () => {
    const [one, two, three] = [await enter(), await enter(), await enter()];
    await expect(revoke(jane.token, sessionIdOf(one))).resolves.toMatchObject({ status: 200, body: { revoked: 1 } });
    expect([await statusOf(one), await statusOf(two)]).toEqual([401, 200]);
    await expect(revoke(jane.token, 'others')).resolves.toMatchObject({ body: { revoked: 2 } });
    expect([await statusOf(two), await statusOf(three), await statusOf(jane.token)]).toEqual([401, 401, 200]);
    await expect(revoke(jane.token, 'all')).resolves.toMatchObject({ body: { revoked: 1 } });
    expect(await statusOf(jane.token)).toBe(401);
    expect(await statusOf(bob.token)).toBe(200);
  });

  it("knows the caller's own sessions only", async () => {
    const missing = {
      status: 404,
      body: { code: 'SESSION_NOT_FOUND', detail: 'You have no such session.' },
    };
    await expect(revoke(jane.token, sessionIdOf(bob.token))).resolves.toMatchObject(missing);
    await expect(revoke(jane.token, '0'.repeat(64))).resolves.toMatchObject(missing);
    await expect(revoke(jane.token, jane.email)).resolves.toMatchObject({
      status: 400,
      body: {
        errors: [{ path: '/sessionId', message: 'must be a session id (64 hex characters), "others" or "all"' }],
      },
    });
    expect(await statusOf(bob.token)).toBe(200);
  });
});

describe('audit-list', () => {
  const events = async (query: Readonly<Record<string, string>> = {}) =>
    (await stack.call('audit-list', { token: jane.token, query })).body as {
      events: { event: string; at: number; sessionId: string }[];
      next: number | null;
    };

  it('tells what happened, newest first, in pages', async () => {
    expect(await events()).toEqual({ events: [], next: null });
    await revoke(jane.token, sessionIdOf(await enter()));
    await revoke(jane.token, 'others');
    const first = await events({ limit: '1' });
    expect(first.events).toMatchObject([{ event: 'sessions-revoked', sessionId: sessionIdOf(jane.token) }]);
    const second = await events({ limit: '1', before: `${first.next}` });
    expect(second.events).toMatchObject([{ event: 'session-revoked' }]);
    expect((await events({ before: `${second.next}` })).events).toEqual([]);
    const [stored] = await stack.platform.database.list({ collection: auditEvents(jane.accountId), where: [] });
    expect(Number(stored?.data.expiresAt) - Number(stored?.data.at)).toBe(lifetimes.auditEvent);
  });
});

describe('a session', () => {
  const day = 86_400_000;
  const stored = async (token: string) => {
    const [session] = await stack.platform.database.get(sessions.doc(sessionIdOf(token)));
    return session?.data;
  };

  it('lives on from its last use, which is noted once a day', async () => {
    const start = (await stored(jane.token))?.created ?? 0;
    await whoamiAt(jane.token, start + day - 1_000);
    expect((await stored(jane.token))?.lastUsed).toBe(start);
    await whoamiAt(jane.token, start + 50 * day);
    expect(await stored(jane.token)).toMatchObject({
      lastUsed: start + 50 * day,
      expires: start + 50 * day + lifetimes.session,
    });
    expect((await whoamiAt(jane.token, start + 100 * day)).status).toBe(200);
    expect((await whoamiAt(jane.token, start + 100 * day + lifetimes.session)).status).toBe(401);
  });

  it('is noted once by calls at the same moment, and all are answered', async () => {
    const start = (await stored(jane.token))?.created ?? 0;
    const answers = await Promise.all(Array.from({ length: 8 }, () => whoamiAt(jane.token, start + 2 * day)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect((await stored(jane.token))?.lastUsed).toBe(start + 2 * day);
  });
});
