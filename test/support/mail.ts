import { randomBytes } from 'node:crypto';
import { emailDeliver } from '../../functions/email/email-deliver.ts';
import { queueMail } from '../../functions/email/queue-mail.ts';
import type { Platform } from '../../shared/platform/context.ts';
import { serve } from '../../shared/platform/serve.ts';
import { type OutboxMessage, outbox } from '../../shared/store/outbox.ts';
import { jsonRequest } from './in-process.ts';
import type { TestStack } from './stack.ts';

/** A Pub/Sub push of the same message looks like this each time it is delivered. */
export const pushOf = (message: object, messageId = '1') =>
  jsonRequest({
    subscription: 'projects/p/subscriptions/email-deliver-push',
    message: {
      data: Buffer.from(JSON.stringify(message)).toString('base64'),
      messageId,
      message_id: messageId,
      publishTime: '2026-01-01T00:00:00Z',
    },
  });

/** One delivery, at the stack's time unless given; its status. */
export async function deliver(stack: { readonly platform: Platform }, messageId: string, now?: number) {
  const clock = now === undefined ? stack.platform.clock : { now: () => now };
  return (await serve(emailDeliver, pushOf({ messageId }), { ...stack.platform, clock })).status;
}

/** A mail in the outbox that nobody has announced. */
export async function queued(stack: TestStack, token = randomBytes(32).toString('base64url')) {
  const to = `jane+${randomBytes(6).toString('hex')}@example.com`;
  const context = { ...stack.platform, requestId: 'test-0001', address: '', commit: async <T>(output: T) => output };
  const { id, write } = await queueMail(context, { to, template: 'verify-email', values: { token } });
  await stack.platform.database.commit([write]);
  return { id, to, token };
}

export async function stored(stack: TestStack, id: string): Promise<OutboxMessage> {
  const [message] = await stack.platform.database.get(outbox.doc(id));
  if (message === undefined) throw new Error(`There is no mail ${id}.`);
  return message.data;
}

export const mailsTo = (stack: TestStack, address: string) => stack.mailbox.mails().filter(({ to }) => to === address);

/** The code that a mail asks to be entered in the app. */
export function codeIn({ subject, text }: { readonly subject: string; readonly text: string }): string {
  const code = /: ([A-Za-z0-9_-]{43})$/m.exec(text)?.[1];
  if (code === undefined) throw new Error(`The mail holds no code: ${subject}`);
  return code;
}
