import { randomBytes } from 'node:crypto';
import { emailDeliver } from '../../../functions/email/email-deliver.ts';
import { queueMail } from '../../../functions/email/queue-mail.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { outbox } from '../../../shared/store/outbox.ts';
import { jsonRequest } from '../../support/in-process.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const push = (message: object) =>
  jsonRequest({
    subscription: 's',
    message: { messageId: '1', data: Buffer.from(JSON.stringify(message)).toString('base64') },
  });

const deliver = async (messageId: string, now = Date.now()) =>
  (await serve(emailDeliver, push({ messageId }), { ...stack.platform, clock: { now: () => now } })).status;

const stored = async (id: string) => (await stack.platform.database.get(outbox.doc(id)))[0]?.data;
const mailsTo = (address: string) => stack.mailbox.mails().filter(({ to }) => to === address);

/** A mail in the outbox that nobody has announced. */
async function queued(values: { token: string } = { token: randomBytes(32).toString('base64url') }) {
  const to = `jane+${randomBytes(6).toString('hex')}@example.com`;
  const context = { ...stack.platform, requestId: 'test-0001', address: '', commit: async <T>(output: T) => output };
  const { id, write } = await queueMail(context, { to, template: 'verify-email', values });
  await stack.platform.database.commit([write]);
  return { id, to, ...values };
}

describe('email-deliver', () => {
  it('sends a mail with text and HTML, and forgets what was in it', async () => {
    const { id, to, token } = await queued();
    expect(JSON.stringify(await stored(id))).not.toContain(token);
    expect(await deliver(id)).toBe(204);
    const mail = await stack.mailbox.waitFor(to);
    expect(mail.subject).toBe('Verify your address for Nightvault');
    expect(mail.text).toContain(`${stack.url}/account-verify?token=${token}`);
    expect(mail.html).toContain(`href="${stack.url}/account-verify?token=${token}"`);
    expect(await stored(id)).toMatchObject({ state: 'sent', attempts: 1, sealedValues: '', lastError: null });
  });

  it('sends once, however often and however parallel it is told', async () => {
    const { id, to } = await queued();
    const statuses = await Promise.all(Array.from({ length: 5 }, () => deliver(id)));
    expect(statuses).toContain(204);
    for (let again = 0; again < 3; again += 1) expect(await deliver(id)).toBe(204);
    await stack.mailbox.waitFor(to);
    expect(mailsTo(to)).toHaveLength(1);
  });

  it('keeps the mail when the mail server refuses, says why, and sends it later', async () => {
    const { id, to } = await queued();
    stack.mailbox.refuse(true);
    try {
      expect(await deliver(id)).toBe(500);
    } finally {
      stack.mailbox.refuse(false);
    }
    expect(await stored(id)).toMatchObject({ state: 'queued', attempts: 1, lastError: expect.stringContaining('451') });
    expect(mailsTo(to)).toEqual([]);
    expect(await deliver(id)).toBe(204);
    await stack.mailbox.waitFor(to);
    expect(await stored(id)).toMatchObject({ state: 'sent', attempts: 2, lastError: null });
  });

  it('leaves a mail alone that another delivery is sending, and takes it over when that one has died', async () => {
    const { id, to } = await queued();
    const dying = { ...stack.platform, mailer: { send: () => new Promise<never>(() => undefined) } };
    void serve(emailDeliver, push({ messageId: id }), dying);
    for (;;) if ((await stored(id))?.state === 'sending') break;
    expect(await deliver(id)).toBe(500);
    expect(await deliver(id, Date.now() + 61_000)).toBe(204);
    expect((await stack.mailbox.waitFor(to)).subject).toBe('Verify your address for Nightvault');
    expect(mailsTo(to)).toHaveLength(1);
  });

  it('takes a message about nothing for done', async () => {
    expect(await deliver('0'.repeat(32))).toBe(204);
  });

  it('refuses a message that is none', async () => {
    for (const poison of [{}, { messageId: 7 }, { messageId: '../accounts/x' }]) {
      expect((await serve(emailDeliver, push(poison), stack.platform)).status).toBe(400);
    }
  });
});
