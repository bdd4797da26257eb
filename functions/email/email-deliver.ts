import * as z from 'zod';
import type { Context } from '../../shared/platform/context.ts';
import { topicFunction } from '../../shared/platform/definition.ts';
import { CommitConflict, type Stored, update } from '../../shared/store/database.ts';
import { type OutboxMessage, outbox } from '../../shared/store/outbox.ts';
import { mailSeal } from './queue-mail.ts';
import { render } from './templates.ts';
import { emailDeliveries } from './topic.ts';

/** Longer than a mail server may take, shorter than anybody waits for a second try. */
const leaseMs = 60_000;

export const emailDeliver = topicFunction('email-deliver', {
  topic: emailDeliveries,
  summary: 'Send one mail from the outbox by SMTP',
  message: z.object({ messageId: z.string().regex(/^[0-9a-f]{32}$/) }),
  secrets: ['mail-key', 'smtp-url'],
  resources: { concurrency: 10, maxInstances: 5 },
  receive: ({ messageId }, context) => deliver(messageId, context),
});

/**
 * Sends once however often it is told: a lease keeps two deliveries apart, the state remembers. A crash after the
 * mail server's yes and before our note of it can send a second copy; it carries the same Message-ID.
 */
async function deliver(messageId: string, context: Context): Promise<void> {
  const message = await lease(messageId, context);
  if (message === undefined) return;
  try {
    await context.mailer.send(await compose(message, context));
  } catch (error) {
    const lastError = (error instanceof Error ? error.message : 'unknown').slice(0, 500);
    await settle(messageId, context, { state: 'queued', leaseUntil: 0, lastError });
    throw error;
  }
  await settle(messageId, context, { state: 'sent', leaseUntil: 0, lastError: null, sealedValues: '' });
}

/** The message, for this delivery alone; `undefined` when it is sent, unknown, or somebody else's. */
async function lease(messageId: string, context: Context): Promise<Stored<OutboxMessage> | undefined> {
  const now = context.clock.now();
  const [message] = await context.database.get(outbox.doc(messageId));
  if (message === undefined || message.data.state === 'sent') return undefined;
  if (message.data.leaseUntil > now) throw new DeliveryInProgress(messageId);
  const taken = { state: 'sending', leaseUntil: now + leaseMs, attempts: message.data.attempts + 1 } as const;
  try {
    await context.database.commit([update(message, taken)]);
  } catch (error) {
    throw error instanceof CommitConflict ? new DeliveryInProgress(messageId) : error;
  }
  return message;
}

async function settle(messageId: string, { database }: Context, fields: Partial<OutboxMessage>): Promise<void> {
  const [message] = await database.get(outbox.doc(messageId));
  if (message !== undefined) await database.commit([update(message, fields)]);
}

async function compose({ id, data }: Stored<OutboxMessage>, { sealer, settings }: Context) {
  const opened = await sealer.open('mail-key', mailSeal, id, data.sealedValues);
  if (opened === undefined)
    throw new Error(`The values of the mail ${id} cannot be opened: is an old mail-key disabled?`);
  const values: unknown = JSON.parse(Buffer.from(opened).toString('utf8'));
  const domain =
    settings.mailFrom
      .split('@')
      .at(-1)
      ?.replace(/[^A-Za-z0-9.-]/g, '') || 'localhost';
  return { messageId: `<${id}@${domain}>`, to: data.to, ...render(data.template, values, settings.baseUrl) };
}

/** Another delivery of this message runs. Told to Pub/Sub as a failure, so that it looks again should that one die. */
class DeliveryInProgress extends Error {
  static readonly code = 'DELIVERY_IN_PROGRESS';
  readonly code = DeliveryInProgress.code;

  constructor(messageId: string) {
    super(`The mail ${messageId} is being sent by another delivery.`);
    this.name = 'DeliveryInProgress';
  }
}
