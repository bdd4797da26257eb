import { emailDeliver } from '../../../functions/email/email-deliver.ts';
import { leaseMs, retries } from '../../../functions/email/retries.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { update } from '../../../shared/store/database.ts';
import { type OutboxMessage, outbox } from '../../../shared/store/outbox.ts';
import { deliver, mailsTo, pushOf, queued, stored } from '../../support/mail.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());
afterEach(() => stack.mailbox.refuse(false));

async function change(id: string, fields: Partial<OutboxMessage>) {
  const [message] = await stack.platform.database.get(outbox.doc(id));
  if (message !== undefined) await stack.platform.database.commit([update(message, fields)]);
}

describe('email-deliver', () => {
  it('sends a mail with text and HTML, notes the mail server’s id of it, and forgets what was in it', async () => {
    const { id, to, token } = await queued(stack);
    expect(JSON.stringify(await stored(stack, id))).not.toContain(token);
    expect(await deliver(stack, id)).toBe(204);
    const mail = await stack.mailbox.waitFor(to);
    expect(mail.subject).toBe('Verify your address for Nightvault');
    expect(mail.text).toContain(`${stack.url}/account-verify?token=${token}`);
    expect(mail.html).toContain(`href="${stack.url}/account-verify?token=${token}"`);
    const sent = { state: 'sent', attempts: 1, sealedValues: '', lastError: null, wakeAt: null };
    expect(await stored(stack, id)).toMatchObject({ ...sent, providerId: mail.id, ended: expect.any(Number) });
  });

  it('sends one mail when one message is delivered fifty times, ten at once', async () => {
    const { id, to } = await queued(stack);
    const statuses: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      statuses.push(...(await Promise.all(Array.from({ length: 10 }, () => deliver(stack, id)))));
    }
    expect(statuses).toEqual(Array.from({ length: 50 }, () => 204));
    expect(mailsTo(stack, to)).toHaveLength(1);
    expect(await stored(stack, id)).toMatchObject({ state: 'sent', attempts: 1 });
  });

  it('sends one mail when fifty deliveries of one message come at the same moment over HTTP', async () => {
    const { id, to } = await queued(stack);
    const body = { subscription: 's', message: { messageId: '7', data: btoa(JSON.stringify({ messageId: id })) } };
    const answers = await Promise.all(Array.from({ length: 50 }, () => stack.call('email-deliver', { body })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    await stack.mailbox.waitFor(to);
    expect(mailsTo(stack, to)).toHaveLength(1);
    expect(await stored(stack, id)).toMatchObject({ attempts: 1 });
  });

  it('keeps a mail that is refused for now, says why without the address, and sends it when its time has come', async () => {
    const { id, to } = await queued(stack);
    const now = Date.now();
    stack.mailbox.refuse(true);
    expect(await deliver(stack, id, now)).toBe(204);
    const failed = await stored(stack, id);
    expect(failed).toMatchObject({ state: 'failed', attempts: 1, wakeAt: now + 60_000, ended: null });
    expect(failed.lastError).toContain('451 <(address)>: the mailbox refuses mail');
    expect(stack.logs).toContainEqual(
      expect.objectContaining({
        severity: 'WARNING',
        message: 'a mail could not be sent yet',
        messageId: id,
        reason: failed.lastError,
      }),
    );
    stack.mailbox.refuse(false);
    // Deliveries that come too early are no attempts: a message repeated often would use them all up.
    for (let again = 0; again < 20; again += 1) expect(await deliver(stack, id, now + 59_999)).toBe(204);
    expect(await stored(stack, id)).toMatchObject({ state: 'failed', attempts: 1 });
    expect(mailsTo(stack, to)).toEqual([]);
    expect(await deliver(stack, id, now + 60_000)).toBe(204);
    expect(await stored(stack, id)).toMatchObject({ state: 'sent', attempts: 2, lastError: null, wakeAt: null });
    expect(mailsTo(stack, to)).toHaveLength(1);
  });

  it('gives a mail up at once that is refused for good', async () => {
    const { id, to } = await queued(stack);
    stack.mailbox.refuse(true, 550);
    expect(await deliver(stack, id)).toBe(204);
    const dead = await stored(stack, id);
    expect(dead).toMatchObject({ state: 'dead', attempts: 1, wakeAt: null, ended: expect.any(Number) });
    expect(dead.lastError).toContain('550 <(address)>: the mailbox refuses mail');
    expect(dead.sealedValues).not.toBe('');
    expect(stack.logs).toContainEqual(
      expect.objectContaining({ severity: 'ERROR', message: 'a mail has been given up', messageId: id }),
    );
    expect(JSON.stringify(stack.logs)).not.toContain(to);
    stack.mailbox.refuse(false);
    expect(await deliver(stack, id, Date.now() + 3_600_000)).toBe(204);
    expect(mailsTo(stack, to)).toEqual([]);
  });

  it('tries again for about a day, ever more rarely, and then gives up', async () => {
    const { id } = await queued(stack);
    // Its use must not run out before its attempts do.
    await change(id, { template: 'breach-notice' });
    const begin = Date.now();
    const waits: number[] = [];
    let now = begin;
    for (let attempt = 1; attempt <= retries.mostAttempts; attempt += 1) {
      stack.mailbox.refuse(true);
      expect(await deliver(stack, id, now)).toBe(204);
      const { wakeAt, attempts } = await stored(stack, id);
      expect(attempts).toBe(attempt);
      if (wakeAt !== null) waits.push((wakeAt - now) / 60_000);
      now = wakeAt ?? now;
    }
    expect(waits.slice(0, 9)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 240]);
    expect(waits).toHaveLength(13);
    expect(Math.round((now - begin) / 3_600_000)).toBe(24);
    expect(await stored(stack, id)).toMatchObject({ state: 'dead', attempts: 14, wakeAt: null });
  });

  it('does not send what has become useless meanwhile', async () => {
    const { id, to } = await queued(stack);
    expect(await deliver(stack, id, Date.now() + 25 * 3_600_000)).toBe(204);
    const reason = 'It could not be sent while what it says was still of use.';
    expect(await stored(stack, id)).toMatchObject({ state: 'dead', lastError: reason });
    expect(mailsTo(stack, to)).toEqual([]);
  });

  it('leaves a mail alone that another delivery is sending, and takes it over when that one has died', async () => {
    const { id, to } = await queued(stack);
    const dying = { ...stack.platform, mailer: { send: () => new Promise<never>(() => undefined) } };
    void serve(emailDeliver, pushOf({ messageId: id }), dying);
    while ((await stored(stack, id)).state !== 'sending');
    expect(await deliver(stack, id, Date.now() + leaseMs - 5_000)).toBe(204);
    expect(mailsTo(stack, to)).toEqual([]);
    expect(await deliver(stack, id, Date.now() + leaseMs + 1_000)).toBe(204);
    expect((await stack.mailbox.waitFor(to)).subject).toBe('Verify your address for Nightvault');
    expect(mailsTo(stack, to)).toHaveLength(1);
  });

  it('does not go on for ever with a mail whose attempts break off', async () => {
    const { id, to } = await queued(stack);
    await change(id, { state: 'sending', attempts: retries.mostAttempts, wakeAt: 0 });
    expect(await deliver(stack, id)).toBe(204);
    expect(await stored(stack, id)).toMatchObject({ state: 'dead', lastError: '14 attempts broke off.' });
    expect(mailsTo(stack, to)).toEqual([]);
  });

  it('does not overwrite what a later delivery has made of it', async () => {
    const { id } = await queued(stack);
    let fail: (error: Error) => void = () => undefined;
    const send = () => new Promise<never>((_resolve, reject) => (fail = reject));
    const slow = serve(emailDeliver, pushOf({ messageId: id }), { ...stack.platform, mailer: { send } });
    while ((await stored(stack, id)).state !== 'sending');
    expect(await deliver(stack, id, Date.now() + leaseMs + 1_000)).toBe(204);
    fail(new Error('too late'));
    expect((await slow).status).toBe(204);
    expect(await stored(stack, id)).toMatchObject({ state: 'sent', attempts: 2, lastError: null });
  });

  it('takes a message about nothing for done', async () => {
    expect(await deliver(stack, '0'.repeat(32))).toBe(204);
  });

  it('refuses a message that is none', async () => {
    for (const poison of [{}, { messageId: 7 }, { messageId: '../accounts/x' }]) {
      const { status, body = '' } = await serve(emailDeliver, pushOf(poison), stack.platform);
      expect({ status, code: JSON.parse(body).code }).toEqual({ status: 400, code: 'INVALID_INPUT' });
    }
  });
});
