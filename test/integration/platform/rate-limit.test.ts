import { randomBytes } from 'node:crypto';
import type { Platform } from '../../../shared/platform/context.ts';
import { sha256Hex } from '../../../shared/platform/hash.ts';
import { networkOf } from '../../../shared/platform/network.ts';
import { createPlatform } from '../../../shared/platform/platform.ts';
import { type RateRule, rateRules } from '../../../shared/protocol/rate-rules.ts';
import { rateWindows } from '../../../shared/store/rate-limits.ts';
import { at } from '../../support/guesses.ts';
import { jsonRequest, serveInProcess } from '../../support/in-process.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const { resendByEmail: byEmail, resendByAddress: byAddress } = rateRules;

let stack: TestStack;
/** Another instance of the functions: its own connection to the store, the same secrets. */
let other: TestStack['platform'];
/** The beginning of a window, another one for each test. */
let now = Math.ceil(Date.now() / 3_600_000) * 3_600_000;

beforeAll(async () => {
  stack = await startTestStack();
  const { settings, log, sealer } = stack.platform;
  other = { ...createPlatform(settings, {}, log), sealer };
});
beforeEach(() => {
  now += 3_600_000;
});
afterAll(async () => {
  await other.close();
  await stack.stop();
});

const nobody = () => `nobody+${randomBytes(6).toString('hex')}@example.com`;
const network = (index: number) => `10.0.${index >> 8}.${index & 255}`;

const resend = (email: string, address = '192.0.2.1', when = now, platform: Platform = stack.platform) =>
  serveInProcess('account-resend-verification', { ...jsonRequest({ email }), address }, at(platform, when));

async function countOf({ name, windowSeconds }: RateRule, subject: string): Promise<number> {
  const index = Math.floor(now / (windowSeconds * 1000));
  const [window] = await stack.platform.database.get(rateWindows.doc(sha256Hex(name, subject, String(index))));
  return window?.data.count ?? 0;
}

const inTurn = async <T>(times: number, run: (index: number) => Promise<T>): Promise<T[]> => {
  const answers: T[] = [];
  for (let index = 0; index < times; index += 1) answers.push(await run(index));
  return answers;
};
const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status);

it('lets exactly the limit through, then says in words which rule it was and when to come back', async () => {
  const email = nobody();
  expect(statuses(await inTurn(byEmail.limit, () => resend(email)))).toEqual([202, 202, 202, 202, 202]);
  const { status, headers, body } = await resend(email, '192.0.2.1', now + 600_001);
  expect({ status, body }).toMatchObject({
    status: 429,
    body: {
      code: 'RATE_LIMITED',
      detail: 'Too many verification mails for this e-mail address: at most 5 in 1 hour. Try again in 50 minutes.',
      rule: byEmail.name,
      limit: 5,
      windowSeconds: 3600,
      retryAfter: 3000,
    },
  });
  expect(headers['retry-after']).toBe('3000');
});

it('lets the same call through exactly when Retry-After says', async () => {
  const email = nobody();
  await inTurn(byEmail.limit, () => resend(email));
  const { retryAfter } = (await resend(email, '192.0.2.1', now + 1_234)).body;
  const then = now + 1_234 + retryAfter * 1000;
  expect((await resend(email, '192.0.2.1', then - 1000)).status).toBe(429);
  expect((await resend(email, '192.0.2.1', then)).status).toBe(202);
});

it('counts every one of 100 calls at once through two instances, and lets at most the limit through', async () => {
  const email = nobody();
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      resend(email, network(index), now, index % 2 === 0 ? stack.platform : other),
    ),
  );
  expect(await countOf(byEmail, email)).toBe(100);
  expect(answers.filter(({ status }) => status === 202).length).toBeLessThanOrEqual(byEmail.limit);
  expect(new Set(statuses(answers.filter(({ status }) => status !== 202)))).toEqual(new Set([429]));
  expect((await resend(email, network(100))).status).toBe(429);
});

it('costs a write and a read each rule, and a refused network no document of other rules', async () => {
  const address = '203.0.113.9';
  await inTurn(byAddress.limit, (index) => resend(`${index}-${nobody()}`, address));
  const email = nobody();
  const before = stack.logs.length;
  expect((await resend(email, address)).body).toMatchObject({ code: 'RATE_LIMITED', rule: byAddress.name });
  expect(await countOf(byEmail, email)).toBe(0);
  expect((await resend(email, '203.0.113.10')).status).toBe(202);
  await inTurn(byEmail.limit, (index) => resend(email, network(index)));
  const lines = stack.logs.slice(before).filter(({ code }) => code === 'RATE_LIMITED');
  expect(lines.map(({ reads, writes }) => ({ reads, writes }))).toEqual([
    { reads: 1, writes: 1 },
    { reads: 2, writes: 2 },
  ]);
});

it('takes an IPv6 network for one caller', async () => {
  const hosts = await inTurn(byAddress.limit + 1, (index) =>
    resend(`${index}-${nobody()}`, `2001:db8:5:6:${index}::1`),
  );
  expect(statuses(hosts).indexOf(429)).toBe(byAddress.limit);
  expect(await countOf(byAddress, networkOf('2001:db8:5:6::'))).toBe(byAddress.limit + 1);
  expect((await resend(nobody(), '2001:db8:5:7::1')).status).toBe(202);
});

describe('a rule that only reports', () => {
  it.each([
    ['alone', [byEmail.name]],
    ['with all others', Object.values(rateRules).map(({ name }) => name)],
  ])('%s counts and logs, and refuses nothing', async (_, reportedRules: readonly string[]) => {
    const email = nobody();
    const before = stack.logs.length;
    const platform = { ...stack.platform, settings: { ...stack.platform.settings, reportedRules } };
    const answers = await inTurn(byEmail.limit + 2, (index) => resend(email, network(index), now, platform));
    expect(new Set(statuses(answers))).toEqual(new Set([202]));
    expect(await countOf(byEmail, email)).toBe(byEmail.limit + 2);
    const reported = { rule: byEmail.name, by: 'email', limit: 5, windowSeconds: 3600, mode: 'report' };
    const lines = stack.logs.slice(before).filter(({ rule }) => rule !== undefined);
    expect(lines).toEqual([1, 2].map(() => expect.objectContaining({ severity: 'NOTICE', ...reported })));
  });

  it('leaves the others enforced', async () => {
    const settings = { ...stack.platform.settings, reportedRules: [byAddress.name] };
    const email = nobody();
    const answers = await inTurn(byEmail.limit + 1, (index) =>
      resend(email, network(index), now, { ...stack.platform, settings }),
    );
    expect(statuses(answers)).toEqual([202, 202, 202, 202, 202, 429]);
    expect(stack.logs.at(-2)).toMatchObject({ rule: byEmail.name, mode: 'enforce' });
  });
});

describe('configuration', () => {
  it('publishes every rule with its mode', async () => {
    const { body } = await stack.call('configuration');
    const published = Object.values(rateRules).map((rule) => ({ ...rule, mode: 'enforce' }));
    expect(body).toMatchObject({ rateRules: published });
  });

  it('says which only report here', async () => {
    const settings = { ...stack.platform.settings, reportedRules: [byEmail.name] };
    const request = { ...jsonRequest({}), method: 'GET' };
    const { body } = await serveInProcess('configuration', request, { ...stack.platform, settings });
    const modes = body.rateRules.map(({ name, mode }: { name: string; mode: string }) => [name, mode]);
    expect(modes).toEqual(
      Object.values(rateRules).map(({ name }) => [name, name === byEmail.name ? 'report' : 'enforce']),
    );
  });
});
