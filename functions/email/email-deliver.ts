import * as z from 'zod';
import type { Context } from '../../shared/platform/context.ts';
import { topicFunction } from '../../shared/platform/definition.ts';
import { MailRefused } from '../../shared/platform/mailer.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { mailId } from '../../shared/protocol/mail.ts';
import { type Stored, update } from '../../shared/store/database.ts';
import { type OutboxMessage, outbox } from '../../shared/store/outbox.ts';
import { mailSeal } from './queue-mail.ts';
import { reasonOf } from './reason.ts';
import { leaseMs, retries, waitAfter } from './retries.ts';
import { templates } from './templates/index.ts';
import { render } from './templates/render.ts';
import { emailDeliveries } from './topic.ts';

export const emailDeliver = topicFunction('email-deliver', {
  topic: emailDeliveries,
  summary: 'Send one mail from the outbox by SMTP',
  message: z.object({ messageId: mailId }),
  secrets: ['mail-key', 'smtp-url'],
  resources: { concurrency: 10, maxInstances: 5 },
  receive: ({ messageId }, context) => deliver(messageId, context),
});

/**
 * Sends once however often it is told: a lease keeps two deliveries apart, the state remembers. What fails is noted in
 * the outbox and acknowledged to Pub/Sub: the sweeper announces it again when its time has come, so that a mail server
 * that is down for hours makes no dead letters. A crash between the mail server's yes and our note of it can send a
 * second copy; it carries the same Message-ID.
 */
async function deliver(messageId: string, context: Context): Promise<void> {
  const message = await optimistic(() => lease(messageId, context));
  if (message === undefined) return;
  const sent = await attempt(message, context);
  await optimistic(() => settle(message, sent, context));
  report(message, sent, context);
}

type Ending = Pick<OutboxMessage, 'state' | 'wakeAt' | 'lastError' | 'ended'> & Partial<OutboxMessage>;

/** The message, leased to this delivery alone; `undefined` when there is nothing to do, or not yet, or not for us. */
async function lease(messageId: string, { database, clock }: Context): Promise<Stored<OutboxMessage> | undefined> {
  const now = clock.now();
  const [message] = await database.get(outbox.doc(messageId));
  if (message === undefined) return undefined;
  const { state, wakeAt, attempts } = message.data;
  if (wakeAt === null || (state !== 'queued' && wakeAt > now)) return undefined;
  const data = { ...message.data, state: 'sending', wakeAt: now + leaseMs, attempts: attempts + 1 } as const;
  await database.commit([update(message, { state: data.state, wakeAt: data.wakeAt, attempts: data.attempts })]);
  return { ...message, data };
}

/** What is to be noted. Never throws: whatever goes wrong is why the attempt failed. */
async function attempt(message: Stored<OutboxMessage>, context: Context): Promise<Ending> {
  const now = context.clock.now();
  const { template, created, attempts } = message.data;
  if (now >= created + templates[template].usefulFor) {
    return givenUp('It could not be sent while what it says was still of use.', now);
  }
  // It began that often and never ended: it must not take the next process down, too.
  if (attempts > retries.mostAttempts) return givenUp(`${retries.mostAttempts} attempts broke off.`, now);
  try {
    const { providerId } = await context.mailer.send(await compose(message, context));
    return { state: 'sent', wakeAt: null, lastError: null, ended: context.clock.now(), providerId, sealedValues: '' };
  } catch (error) {
    const reason = reasonOf(error);
    const wait = error instanceof MailRefused ? undefined : waitAfter(attempts);
    if (wait === undefined) return givenUp(reason, now);
    return { state: 'failed', wakeAt: context.clock.now() + wait, lastError: reason, ended: null };
  }
}

/** Its values are kept: it can be replayed. */
const givenUp = (reason: string, now: number): Ending => ({
  state: 'dead',
  wakeAt: null,
  lastError: reason,
  ended: now,
});

/** A mail that was sent is sent, whoever has it now; a failure is noted only by the one whose attempt it was. */
async function settle({ id, data }: Stored<OutboxMessage>, ending: Ending, { database }: Context): Promise<void> {
  const [message] = await database.get(outbox.doc(id));
  if (message === undefined || message.data.state === 'sent') return;
  const isOurs = message.data.state === 'sending' && message.data.attempts === data.attempts;
  if (isOurs || ending.state === 'sent') await database.commit([update(message, ending)]);
}

function report({ id, data }: Stored<OutboxMessage>, { state, lastError }: Ending, { log, requestId }: Context): void {
  if (state === 'sent') return;
  const fields = { messageId: id, template: data.template, attempts: data.attempts, reason: lastError, requestId };
  if (state === 'dead') log.write('ERROR', 'a mail has been given up', fields);
  else log.write('WARNING', 'a mail could not be sent yet', fields);
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
