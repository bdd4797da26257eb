import type * as z from 'zod';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { internalOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { emailReplay as wire } from '../../shared/protocol/mail.ts';
import { type Stored, update } from '../../shared/store/database.ts';
import { type OutboxMessage, outbox } from '../../shared/store/outbox.ts';
import { announceMail } from './queue-mail.ts';
import { lostAfterMs } from './retries.ts';
import { emailDeliveries } from './topic.ts';

type Input = z.output<typeof wire.input>;

export const emailReplay = httpFunction(
  'email-replay',
  {
    POST: internalOperation({
      summary: 'For operators: try mails again that were given up, or now those that wait for their next attempt',
      about: 'What was taken by the mail server is never sent twice.',
      ...wire,
      success: 200,
      writes: true,
      handle,
    }),
  },
  { publishes: [emailDeliveries] },
);

async function handle(input: Input, context: Context) {
  const { ids, answer } = await optimistic(() => requeue(input, context));
  await Promise.all(ids.map((id) => announceMail(context, id)));
  return answer;
}

/** Their attempts count from the start again. What was sent meanwhile is left alone. */
async function requeue(input: Input, context: Context) {
  const found = await choose(input, context);
  const wakeAt = context.clock.now() + lostAfterMs;
  const writes = found.map((message) => update(message, { state: 'queued', attempts: 0, wakeAt, ended: null }));
  const more = input.messageId === undefined && found.length === limits.mailReplays;
  return {
    ids: found.map(({ id }) => id),
    answer: await context.commit({ replayed: found.length, more }, writes),
  };
}

async function choose({ messageId, state }: Input, { database }: Context): Promise<Stored<OutboxMessage>[]> {
  if (messageId === undefined) {
    return database.list({ collection: outbox, where: [['state', '==', state]], limit: limits.mailReplays });
  }
  const [message] = await database.get(outbox.doc(messageId));
  return message?.data.state === state ? [message] : [];
}
