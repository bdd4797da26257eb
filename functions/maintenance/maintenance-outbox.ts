import type { Context } from '../../shared/platform/context.ts';
import { scheduledFunction } from '../../shared/platform/definition.ts';
import { outbox } from '../../shared/store/outbox.ts';
import { emailDeliveries } from '../email/topic.ts';

/** Announced in one run: what is left waits for the next. */
const mostMails = 500;
/** Announced at once. */
const together = 25;

export const maintenanceOutbox = scheduledFunction('maintenance-outbox', {
  schedule: '*/2 * * * *',
  summary: 'Announce mails again whose announcement or attempt was lost, or whose next attempt is due',
  publishes: [emailDeliveries],
  run,
});

/**
 * It writes nothing: a mail is due until an attempt begins, so a run that is killed loses nothing, and one too many
 * announces what the delivery finds done.
 */
async function run({ database, clock, publisher }: Context) {
  const due = await database.list({
    collection: outbox,
    where: [['wakeAt', '<=', clock.now()]],
    orderBy: 'wakeAt',
    limit: mostMails,
    fields: ['state'],
  });
  for (let done = 0; done < due.length; done += together) {
    const next = due.slice(done, done + together);
    await Promise.all(next.map(({ id }) => publisher.publish(emailDeliveries, { messageId: id })));
  }
  const of = (state: string) => due.filter(({ data }) => data.state === state).length;
  const counts = { lost: of('queued'), brokenOff: of('sending'), failed: of('failed') };
  return { ...counts, more: due.length === mostMails };
}
