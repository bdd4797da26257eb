import { randomBytes } from 'node:crypto';
import { pace } from '../../../functions/notice/pace.ts';
import { sha256Hex } from '../../../shared/platform/hash.ts';
import { defaultProfile } from '../../../shared/protocol/profiles.ts';
import { type Account, accounts } from '../../../shared/store/accounts.ts';
import { create, type Write } from '../../../shared/store/database.ts';
import { type Login, logins } from '../../../shared/store/logins.ts';
import { breachNotices } from '../../../shared/store/notices.ts';
import { outbox } from '../../../shared/store/outbox.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { later } from '../../support/sync.ts';

let stack: TestStack;
beforeEach(async () => {
  stack = await startTestStack();
});
afterEach(() => stack.stop());

const text = { subject: 'Somebody has read our store', paragraphs: ['A copy was taken.', 'Contents are encrypted.'] };
const id = () => `acct_${randomBytes(16).toString('hex')}`;

/** Accounts past all sign-up: whether they can log in is not the question. */
async function plant(count: number, isVerified = true) {
  const people = Array.from({ length: count }, () => ({
    id: id(),
    email: `p${randomBytes(6).toString('hex')}@example.com`,
  }));
  const keys = { saltEnc: '', publicKey: '', encPrivateKey: '', encSymmetricKey: '' };
  const writes = people.flatMap((person): Write[] => {
    const account: Account = {
      email: person.email,
      firstName: '',
      lastName: '',
      created: 0,
      profile: defaultProfile,
      ...keys,
      generation: 1,
      linkChanges: 0,
    };
    const login: Login = {
      accountId: person.id,
      profile: account.profile,
      saltKey: '',
      saltAuth: '',
      sealedVerifier: '',
      isVerified,
    };
    return [create(accounts.doc(person.id), account), create(logins.doc(sha256Hex(person.email)), login)];
  });
  await stack.platform.database.commit(writes);
  return people;
}

const start = (body: object, headers: Record<string, string> = {}) =>
  stack.call('breach-notice-start', { body: { ...text, ...body }, headers });
const status = async (noticeId: string, query: object = {}) =>
  Object((await stack.call('breach-notice-status', { query: { noticeId, ...query } })).body);
const run = async (minutes: number) => (await later(stack, minutes / 1440, 'breach-notice-run')).body;
const planned = () => stack.platform.database.list({ collection: outbox, where: [] });

async function begin(audience: unknown): Promise<string> {
  const { body } = await start({ audience, dryRun: false });
  return (body as { noticeId: string }).noticeId;
}

async function arrived(count: number): Promise<string[]> {
  while (stack.mailbox.mails().length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  return stack.mailbox.mails().map(({ to }) => to);
}

describe('breach-notice-start', () => {
  it('is a dry run unless told otherwise: counts, shows the mail, keeps and sends nothing', async () => {
    await plant(3);
    await plant(2, false);
    const answer = await start({ audience: 'all' });
    expect(answer.status).toBe(202);
    const preview = {
      subject: text.subject,
      text: expect.stringContaining('A copy was taken.\n\nContents are encrypted.'),
    };
    expect(answer.body).toEqual({ noticeId: null, recipients: 3, unreachable: [], dryRun: true, preview });
    expect(await run(0)).toEqual({ mails: 0, notices: 0, more: false });
    expect(await stack.platform.database.list({ collection: breachNotices, where: [] })).toEqual([]);
    expect(await planned()).toEqual([]);
  });

  it('names those of the accounts given that cannot be reached', async () => {
    const [jane, bob] = await plant(2);
    const [unverified] = await plant(1, false);
    const nobody = id();
    const audience = [jane?.id, bob?.id, jane?.id, unverified?.id, nobody];
    const { body } = await start({ audience });
    expect(body).toMatchObject({ recipients: 2, unreachable: [unverified?.id, nobody].sort() });
    const noticeId = await begin(audience);
    expect(await run(0)).toEqual({ mails: 2, notices: 1, more: false });
    expect((await arrived(2)).sort()).toEqual([jane?.email, bob?.email].sort());
    expect(await status(noticeId)).toMatchObject({ recipients: 2, counts: { pending: 0 } });
  });

  it('started twice is one notice, with one Idempotency-Key or with none', async () => {
    const people = await plant(3);
    const body = { audience: 'all', dryRun: false };
    const key = { 'idempotency-key': 'notice-1' };
    const answers = await Promise.all([start(body, key), start(body, key), start(body), start(body)]);
    // Of two at once under one key one may be told that the other still runs.
    const started = answers.filter(({ status: code }) => code === 202);
    expect(answers.filter(({ status: code }) => code !== 202 && code !== 409)).toEqual([]);
    const again = await start(body, key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(new Set([again, ...started].map((answer) => Object(answer.body).noticeId)).size).toBe(1);
    await run(0);
    await run(1);
    expect((await arrived(3)).sort()).toEqual(people.map(({ email }) => email).sort());
    expect(await planned()).toHaveLength(3);
  });

  it.each([
    [{ audience: 'some' }, '/audience', 'must be "all" or a list of 1 to 500 account ids'],
    [{ audience: [] }, '/audience', expect.stringContaining('>=1 items')],
    [
      { audience: 'all', subject: 'a\r\nBcc: x' },
      '/subject',
      'must be well-formed Unicode without control characters and line ends',
    ],
    [{ audience: 'all', dryrun: false }, '', expect.stringContaining('dryrun')],
  ])('refuses %j', async (body, path, message) => {
    const answer = await start(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ path, message }] } });
  });
});

describe('breach-notice-run', () => {
  it('writes to sixty accounts once each, cut off anywhere and as often as one likes', async () => {
    const people = await plant(60);
    const noticeId = await begin('all');
    const { database, publisher } = stack.platform;
    const cutOff = (allowedCommits: number, allowedAnnouncements: number) => {
      let [commits, announcements] = [0, 0];
      const commit = (writes: Parameters<typeof database.commit>[0]) => {
        commits += 1;
        if (commits > allowedCommits) throw new Error('cut off');
        return database.commit(writes);
      };
      const publish = (topic: string, message: object) => {
        announcements += 1;
        if (announcements > allowedAnnouncements) throw new Error('cut off');
        return publisher.publish(topic, message);
      };
      const cut = { database: { ...database, commit }, publisher: { ...publisher, publish } };
      return { ...stack, platform: { ...stack.platform, ...cut } };
    };
    for (const [commits, announcements] of [
      [0, 0],
      [1, 0],
      [0, 9],
      [1, 3],
      [0, 0],
    ] as const) {
      await later(cutOff(commits, announcements), 0, 'breach-notice-run');
    }
    expect(await status(noticeId)).toMatchObject({ finished: null, counts: { pending: 10 } });
    // Two at once, and one too many.
    await Promise.all([run(1), run(1)]);
    expect(await run(2)).toEqual({ mails: 0, notices: 0, more: false });
    // What was cut off before it was announced, the sweeper finds.
    await later(stack, 1, 'maintenance-outbox');
    expect((await arrived(60)).sort()).toEqual(people.map(({ email }) => email).sort());
    while ((await status(noticeId)).counts.sent < 60) await new Promise((resolve) => setTimeout(resolve, 20));

    const first = await status(noticeId, { limit: '40' });
    expect(first).toMatchObject({
      subject: text.subject,
      recipients: 60,
      finished: expect.any(Number),
      counts: { pending: 0, queued: 0, sending: 0, failed: 0, sent: 60, dead: 0 },
    });
    const rest = await status(noticeId, { limit: '40', after: first.next });
    expect(rest.next).toBeNull();
    const recipients = [...first.mails, ...rest.mails].map(({ recipient }) => recipient);
    expect(recipients.sort()).toEqual(people.map(({ email }) => sha256Hex(email).slice(0, 16)).sort());
    const [mail] = stack.mailbox.mails();
    expect(mail).toMatchObject({ subject: text.subject, text: expect.stringContaining('A copy was taken.') });
  }, 60_000);

  it('queues no more than so many a minute, over all notices', async () => {
    await plant(pace.mailsPerMinute - 20);
    const before = { ...stack.platform.publisher };
    const quiet = {
      ...stack,
      platform: { ...stack.platform, publisher: { ...before, publish: async () => undefined } },
    };
    const at = async (minutes: number) => (await later(quiet, minutes / 1440, 'breach-notice-run')).body;
    await begin('all');
    await start({ audience: 'all', dryRun: false, subject: 'Another' });
    // From the middle of one minute, so that one run does not see two.
    const middle = (Math.ceil(Date.now() / 60_000) * 60_000 + 30_000 - Date.now()) / 60_000;
    expect(await at(middle)).toEqual({ mails: 100, notices: 1, more: false });
    expect(await at(middle)).toEqual({ mails: 0, notices: 0, more: false });
    expect(await at(middle + 1)).toEqual({ mails: 60, notices: 1, more: false });
    expect(await planned()).toHaveLength(160);
  });

  it('writes to nobody whose account is gone by then', async () => {
    const people = await plant(3);
    const noticeId = await begin('all');
    const gone = people[0];
    await stack.platform.database.commit([{ kind: 'delete', path: accounts.doc(gone?.id ?? '').path }]);
    expect(await run(0)).toMatchObject({ mails: 2, notices: 1 });
    expect(await arrived(2)).not.toContain(gone?.email);
    expect(await status(noticeId)).toMatchObject({ recipients: 3, counts: { pending: 0 } });
  });
});

describe('breach-notice-status', () => {
  it('knows no notice that was not started', async () => {
    const answer = await stack.call('breach-notice-status', { query: { noticeId: `ntc_${'0'.repeat(32)}` } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'NOTICE_NOT_FOUND', detail: 'No notice has this id.' } });
  });
});
