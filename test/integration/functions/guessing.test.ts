import { randomBytes } from 'node:crypto';
import type { Platform } from '../../../shared/platform/context.ts';
import { sha256Hex } from '../../../shared/platform/hash.ts';
import { createPlatform } from '../../../shared/platform/platform.ts';
import { lifetimes } from '../../../shared/protocol/limits.ts';
import { rateRules } from '../../../shared/protocol/rate-rules.ts';
import { handshakes } from '../../../shared/store/handshakes.ts';
import { at, countingVerifications, guessFrom, logInFrom } from '../../support/guesses.ts';
import { mailedToken, makePerson, type Person } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const { loginByEmailAndAddress: byPair, loginByEmail: byEmail } = rateRules;
const windowMs = byPair.windowSeconds * 1000;
const home = '192.0.2.1';
const elsewhere = '198.51.100.7';

let stack: TestStack;
/** Another instance of the functions: its own connection to the store, the same secrets. */
let other: TestStack['platform'];
/** Moves on from test to test, so that none sees what another has guessed. */
let now = Date.now();

beforeAll(async () => {
  stack = await startTestStack();
  const { settings, log, sealer } = stack.platform;
  other = { ...createPlatform(settings, {}, log), sealer };
});
beforeEach(() => {
  now += 2 * windowMs;
});
afterAll(async () => {
  await other.close();
  await stack.stop();
});

/** Signed up and verified, but never logged in: no network is known to the account. */
async function newOwner(): Promise<Person> {
  const person = await makePerson();
  await stack.call('account-create', { body: person.signUpBody });
  await stack.call('account-verify', { body: { token: await mailedToken(stack, person.email) } });
  return person;
}

const guess = (email: string, address = home, when = now, platform: Platform = stack.platform) =>
  guessFrom(platform, email, { address, now: when });
const logIn = (person: Person, address = home, when = now) => logInFrom(stack, person, { address, now: when });

async function guessInTurn(email: string, times: number, address = home) {
  const codes: string[] = [];
  for (let count = 0; count < times; count += 1) codes.push((await guess(email, address)).body.code);
  return codes;
}

const wrong = (times: number) => Array.from({ length: times }, () => 'LOGIN_FAILED');
const network = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

/** So many wrong logins from as many networks. */
async function attack(email: string, times: number, each = 1) {
  const codes: string[] = [];
  for (let begun = 0; begun < times; begun += 50) {
    const some = Array.from({ length: Math.min(50, times - begun) }, (_, index) =>
      guessInTurn(email, each, network(begun + index)),
    );
    codes.push(...(await Promise.all(some)).flat());
  }
  return codes;
}

const countedFor = (email: string) =>
  stack.platform.database.count({
    collection: handshakes(sha256Hex(email)),
    where: [
      ['outcome', '==', 'wrong'],
      ['at', '>', now - windowMs],
    ],
  });

describe('wrong logins to one address from one network', () => {
  it('end at the limit; the refusal says which rule, in words, and when to come back', async () => {
    const { email } = await newOwner();
    expect(byPair).toMatchObject({ limit: 5, windowSeconds: 900 });
    expect(await guessInTurn(email, byPair.limit)).toEqual(wrong(byPair.limit));
    const { status, headers, body } = await guess(email);
    expect({ status, body }).toMatchObject({
      status: 429,
      body: {
        code: 'RATE_LIMITED',
        detail:
          'Too many wrong logins for this e-mail address from your network: at most 5 in 15 minutes. Try again in 15 minutes.',
        rule: byPair.name,
        limit: 5,
        windowSeconds: 900,
        retryAfter: 900,
      },
    });
    expect(headers['retry-after']).toBe('900');
  });

  it('are let through again exactly when Retry-After says, as the window moves on', async () => {
    const { email } = await newOwner();
    const minute = 60_000;
    for (let count = 0; count < byPair.limit; count += 1) await guess(email, home, now + count * minute);
    const refusedAt = now + byPair.limit * minute;
    const refused = await guess(email, home, refusedAt);
    // Of five that count, the refused one among them, the oldest was the second guess.
    expect(refused.body).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfter: (now + minute + windowMs - refusedAt) / 1000,
    });
    const { retryAfter } = refused.body;
    expect((await guess(email, home, refusedAt + retryAfter * 1000)).body.code).toBe('LOGIN_FAILED');

    const { email: again } = await newOwner();
    for (let count = 0; count < byPair.limit; count += 1) await guess(again, home, now + count * minute);
    await guess(again, home, refusedAt);
    expect((await guess(again, home, refusedAt + retryAfter * 1000 - 1)).body.code).toBe('RATE_LIMITED');
  });

  it('are all counted when 100 come at once through two instances, and at most the limit is verified', async () => {
    const { email } = await newOwner();
    const counting = [stack.platform, other].map(countingVerifications);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => guess(email, home, now, counting[index % 2]?.platform)),
    );
    const verified = counting.reduce((sum, each) => sum + each.verified(), 0);
    expect(await countedFor(email)).toBe(100);
    expect(verified).toBeLessThanOrEqual(byPair.limit);
    expect(answers.filter(({ body }) => body.code === 'LOGIN_FAILED')).toHaveLength(verified);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(100 - verified);
  });

  it('count an unknown address alike', async () => {
    const email = `nobody+${randomBytes(6).toString('hex')}@example.com`;
    expect(await guessInTurn(email, byPair.limit + 1)).toEqual([...wrong(byPair.limit), 'RATE_LIMITED']);
  });

  it('count an IPv6 network as one, and its neighbour as another', async () => {
    const { email } = await newOwner();
    const codes: string[] = [];
    for (let count = 1; count <= byPair.limit + 1; count += 1) {
      codes.push((await guess(email, `2001:db8:1:2:${count}::${count}`)).body.code);
    }
    expect(codes).toEqual([...wrong(byPair.limit), 'RATE_LIMITED']);
    expect((await guess(email, '2001:db8:1:3::1')).body.code).toBe('LOGIN_FAILED');
  });
});

describe('a right login', () => {
  it('uses nothing up', async () => {
    const owner = await newOwner();
    for (let count = 0; count < byPair.limit * 2; count += 1) expect((await logIn(owner)).status).toBe(200);
    expect(await countedFor(owner.email)).toBe(0);
  });

  it('begins the count anew', async () => {
    const owner = await newOwner();
    expect(await guessInTurn(owner.email, byPair.limit - 1)).toEqual(wrong(byPair.limit - 1));
    expect((await logIn(owner, home, now + 1)).status).toBe(200);
    now += 2;
    expect(await guessInTurn(owner.email, byPair.limit)).toEqual(wrong(byPair.limit));
    expect((await guess(owner.email)).status).toBe(429);
    expect((await logIn(owner)).status).toBe(429);
  });

  it('uses nothing up, and makes no network known, while the address is unverified', async () => {
    const person = await makePerson();
    await stack.call('account-create', { body: person.signUpBody });
    for (let count = 0; count <= byPair.limit; count += 1) {
      expect((await logIn(person)).body).toMatchObject({ code: 'EMAIL_NOT_VERIFIED' });
    }
    await attack(person.email, byEmail.limit);
    expect(await guessInTurn(person.email, 2)).toEqual([...wrong(1), 'RATE_LIMITED']);
  });
});

describe('an account under attack', () => {
  it('is open to its owner after 1000 wrong logins, at a network it knows and at a new one', async () => {
    const owner = await newOwner();
    expect((await logIn(owner, home)).status).toBe(200);
    const codes = await attack(owner.email, 500, 2);
    expect(await countedFor(owner.email)).toBe(1000);
    // One from each network, and second ones until the rule for the whole account bit.
    const verified = codes.filter((code) => code === 'LOGIN_FAILED').length;
    expect(verified).toBeGreaterThanOrEqual(500);
    expect(verified).toBeLessThanOrEqual(500 + byEmail.limit);

    // At home, mistyping four times before.
    expect(await guessInTurn(owner.email, byPair.limit - 1, home)).toEqual(wrong(byPair.limit - 1));
    expect((await logIn(owner, home)).status).toBe(200);
    expect((await logIn(owner, elsewhere)).status).toBe(200);
  }, 120_000);

  it('allows a network that has guessed wrong no second guess, and says why', async () => {
    const { email } = await newOwner();
    expect(await attack(email, byEmail.limit)).toEqual(wrong(byEmail.limit));
    expect((await guess(email)).body.code).toBe('LOGIN_FAILED');
    const { status, headers, body } = await guess(email);
    expect({ status, body }).toMatchObject({
      status: 429,
      body: {
        code: 'RATE_LIMITED',
        detail: 'Too many wrong logins for this e-mail address: at most 30 in 15 minutes. Try again in 15 minutes.',
        rule: byEmail.name,
        limit: byEmail.limit,
      },
    });
    const later = now + Number(headers['retry-after']) * 1000;
    await attack(email, byEmail.limit);
    expect((await guess(email, home, later)).body.code).toBe('LOGIN_FAILED');
  });

  it('knows no network longer than a session lasts', async () => {
    const owner = await newOwner();
    expect((await logIn(owner, home)).status).toBe(200);
    now += lifetimes.session;
    await attack(owner.email, byEmail.limit);
    expect(await guessInTurn(owner.email, 2, home)).toEqual([...wrong(1), 'RATE_LIMITED']);
  });

  it('looks the same where there is no account', async () => {
    const email = `nobody+${randomBytes(6).toString('hex')}@example.com`;
    await attack(email, byEmail.limit);
    expect(await guessInTurn(email, 2, home)).toEqual([...wrong(1), 'RATE_LIMITED']);
  });
});

it('a rule that only reports refuses nothing, counts on, and logs what it would have refused', async () => {
  const { email } = await newOwner();
  const settings = { ...stack.platform.settings, reportedRules: [byPair.name] };
  const reporting = { ...at(stack.platform, now), settings };
  const codes = await Promise.all(
    Array.from({ length: 20 }, async () => (await guess(email, home, now, reporting)).body.code),
  );
  expect(codes).toEqual(wrong(20));
  expect(await countedFor(email)).toBe(20);
  const lines = stack.logs.filter(({ rule, mode }) => rule === byPair.name && mode === 'report');
  expect(lines.length).toBeGreaterThanOrEqual(20 - byPair.limit);
  expect(lines[0]).toEqual({
    severity: 'NOTICE',
    message: `rate rule exceeded: ${byPair.name}`,
    rule: byPair.name,
    by: 'email+address',
    limit: 5,
    windowSeconds: 900,
    mode: 'report',
    requestId: expect.any(String),
  });
  expect((await guess(email)).status).toBe(429);
});
