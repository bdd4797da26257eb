import { createHash } from 'node:crypto';
import { type Mailbox, startMailbox } from '../../../emulator/mailbox.ts';
import { retries } from '../../../functions/email/retries.ts';
import { outbox } from '../../../shared/store/outbox.ts';
import { deliver, queued, stored } from '../../support/mail.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let late = 0;
let again: Mailbox | undefined;

beforeEach(async () => {
  late = 0;
  again = undefined;
  stack = await startTestStack({ clock: { now: () => Date.now() + late } });
});
afterEach(async () => {
  await again?.stop();
  await stack.stop();
});

const sweep = async () => (await stack.call('maintenance-outbox', { method: 'POST' })).body;
const status = async (query: Record<string, string> = {}) => (await stack.call('email-status', { query })).body;
const everything = () => stack.platform.database.list({ collection: outbox, where: [] });
const replay = async (body: object) => (await stack.call('email-replay', { body })).body;

async function until(condition: () => boolean | Promise<boolean>) {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const delivered = () => stack.logs.filter(({ message }) => message === 'email-deliver 204').length;

/** Stops the mail server, for the time being. */
const stopMail = () => stack.mailbox.stop();

async function startMail(): Promise<Mailbox> {
  again = await startMailbox(undefined, stack.mailbox.port);
  return again;
}

describe('while the mail server is down', () => {
  it('no mail is lost, and each is sent once when it is back', async () => {
    await stopMail();
    const mails = await Promise.all(Array.from({ length: 20 }, () => queued(stack)));
    const publish = () =>
      Promise.all(mails.map(({ id }) => stack.platform.publisher.publish('email-deliveries', { messageId: id })));
    await publish();
    const failed = async () => (await everything()).filter(({ data }) => data.state === 'failed').length;
    await until(async () => (await failed()) === 20);
    // Nothing is due yet: neither the sweeper nor a message that comes twice makes an attempt.
    expect(await sweep()).toEqual({ lost: 0, brokenOff: 0, failed: 0, more: false });
    await publish();
    await until(() => delivered() === 40);
    late = retries.firstWaitMs + 1_000;
    expect(await sweep()).toEqual({ lost: 0, brokenOff: 0, failed: 20, more: false });
    await until(async () => (await everything()).every(({ data }) => data.attempts === 2 && data.state === 'failed'));
    const reasons = new Set((await everything()).map(({ data }) => data.lastError));
    expect([...reasons]).toEqual([expect.stringContaining('ECONNREFUSED')]);

    const { mails: arrived } = await startMail();
    late += 2 * retries.firstWaitMs;
    expect(await sweep()).toMatchObject({ failed: 20 });
    await until(() => arrived().length >= 20);
    await until(async () => (await everything()).every(({ data }) => data.state === 'sent'));
    expect(await sweep()).toEqual({ lost: 0, brokenOff: 0, failed: 0, more: false });
    const before = delivered();
    await publish();
    await until(() => delivered() === before + 20);
    late += 24 * 3_600_000;
    expect(await sweep()).toEqual({ lost: 0, brokenOff: 0, failed: 0, more: false });
    expect(
      arrived()
        .map(({ to }) => to)
        .sort(),
    ).toEqual(mails.map(({ to }) => to).sort());
  }, 90_000);

  it('an operator who has mended it need not wait', async () => {
    await stopMail();
    const { id, to } = await queued(stack);
    await deliver(stack, id);
    const mailbox = await startMail();
    expect(await replay({ state: 'failed' })).toEqual({ replayed: 1, more: false });
    expect(await mailbox.waitFor(to)).toMatchObject({ to });
  });
});

describe('maintenance-outbox', () => {
  it('announces what nobody has announced, after two minutes', async () => {
    const { id, to } = await queued(stack);
    late = 119_000;
    expect(await sweep()).toMatchObject({ lost: 0 });
    late = 121_000;
    expect(await sweep()).toEqual({ lost: 1, brokenOff: 0, failed: 0, more: false });
    await stack.mailbox.waitFor(to);
    await until(async () => (await stored(stack, id)).state === 'sent');
  });

  it('announces what broke off, once its lease has run out', async () => {
    const { id, to } = await queued(stack);
    const platform = { ...stack.platform, mailer: { send: () => new Promise<never>(() => undefined) } };
    void deliver({ platform }, id);
    await until(async () => (await stored(stack, id)).state === 'sending');
    expect(await sweep()).toMatchObject({ brokenOff: 0 });
    late = 121_000;
    expect(await sweep()).toMatchObject({ brokenOff: 1 });
    await stack.mailbox.waitFor(to);
  });
});

describe('email-status', () => {
  it('counts by state, and lists what was given up with the reason and without the address', async () => {
    stack.mailbox.refuse(true, 550);
    const dead = [await queued(stack), await queued(stack), await queued(stack)];
    for (const { id } of dead) await deliver(stack, id);
    stack.mailbox.refuse(true);
    const failed = await queued(stack);
    await deliver(stack, failed.id);
    stack.mailbox.refuse(false);
    const sent = await queued(stack);
    await deliver(stack, sent.id);
    const first = await queued(stack);
    await queued(stack);

    const all = await stack.call('email-status');
    expect(all.body).toMatchObject({
      counts: { queued: 2, sending: 0, failed: 1, sent: 1, dead: 3 },
      oldestQueued: (await stored(stack, first.id)).created,
      oldestFailed: (await stored(stack, failed.id)).created,
      next: null,
    });
    const { messages } = all.body as { messages: object[] };
    expect(messages).toHaveLength(3);
    const recipients = dead.map(({ to }) => createHash('sha256').update(to).digest('hex').slice(0, 16));
    expect(messages.map((each) => Object(each).recipient).sort()).toEqual(recipients.sort());
    const reason = expect.stringContaining('550 <(address)>: the mailbox refuses mail');
    const one = { template: 'verify-email', state: 'dead', attempts: 1, reason, nextAttempt: null };
    expect(messages).toEqual(messages.map(() => expect.objectContaining(one)));
    expect(all.text).not.toContain('@');

    const page = Object(await status({ limit: '2' }));
    expect(page.messages).toHaveLength(2);
    const rest = Object(await status({ limit: '2', after: page.next }));
    expect([...page.messages, ...rest.messages]).toEqual(messages);
    expect(rest.next).toBeNull();
    const { wakeAt } = await stored(stack, failed.id);
    expect(await status({ state: 'failed' })).toMatchObject({
      messages: [{ messageId: failed.id, state: 'failed', nextAttempt: wakeAt }],
    });
  });

  it('refuses a wrong page by name', async () => {
    const { status: code, body } = await stack.call('email-status', {
      query: { limit: '0', after: 'x', state: 'lost' },
    });
    expect(code).toBe(400);
    expect(Object(body).errors).toEqual([
      expect.objectContaining({ path: '/state' }),
      { path: '/after', message: 'must be the id of a mail (32 lower-case hex characters)' },
      { path: '/limit', message: 'must be 1 to 100' },
    ]);
  });
});

describe('email-replay', () => {
  async function dead() {
    stack.mailbox.refuse(true, 550);
    const mail = await queued(stack);
    await deliver(stack, mail.id);
    stack.mailbox.refuse(false);
    expect(await stored(stack, mail.id)).toMatchObject({ state: 'dead' });
    return mail;
  }

  it('sends one that was given up, or all, each once', async () => {
    const mails = [await dead(), await dead(), await dead()];
    const [one, ...others] = mails;
    if (one === undefined) throw new Error('there is none');
    expect(await replay({ messageId: one.id })).toEqual({ replayed: 1, more: false });
    await stack.mailbox.waitFor(one.to);
    expect(stack.mailbox.mails()).toHaveLength(1);
    await until(async () => (await stored(stack, one.id)).state === 'sent');
    expect(await stored(stack, one.id)).toMatchObject({ attempts: 1, lastError: null });
    expect(await replay({ messageId: one.id })).toEqual({ replayed: 0, more: false });

    const keyed = { body: {}, headers: { 'idempotency-key': 'replay-1' } };
    const answers = await Promise.all([stack.call('email-replay', keyed), stack.call('email-replay', { body: {} })]);
    const counts = answers.map(({ body }) => Object(body).replayed);
    expect(counts.reduce((sum, count) => sum + count)).toBe(2);
    for (const { to } of others) await stack.mailbox.waitFor(to);
    await until(async () => (await everything()).every(({ data }) => data.state === 'sent'));
    expect(stack.mailbox.mails()).toHaveLength(3);
  });

  it('refuses what it does not know, rather than to replay everything', async () => {
    const { to } = await dead();
    const answer = await stack.call('email-replay', { body: { messageID: 'x' } });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT', detail: expect.stringContaining('messageID') },
    });
    expect(await replay({ messageId: '0'.repeat(32) })).toEqual({ replayed: 0, more: false });
    expect(stack.mailbox.mails().map((mail) => mail.to)).not.toContain(to);
  });
});
