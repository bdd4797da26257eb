import { httpFunction } from '../../shared/platform/definition.ts';
import { internalOperation } from '../../shared/platform/operation.ts';
import { type MailState, emailStatus as wire } from '../../shared/protocol/mail.ts';
import type { Database } from '../../shared/store/database.ts';
import { outbox } from '../../shared/store/outbox.ts';
import { countMails, listMails } from './operators-view.ts';

export const emailStatus = httpFunction('email-status', {
  GET: internalOperation({
    summary: 'For operators: how many mails are in which state, since when, and those given up with the reason',
    ...wire,
    success: 200,
    handle: async ({ state, ...page }, { database }) => {
      const [counts, oldestQueued, oldestFailed, { mails, next }] = await Promise.all([
        countMails(database, []),
        oldest(database, 'queued'),
        oldest(database, 'failed'),
        listMails(database, [['state', '==', state]], page),
      ]);
      return { counts, oldestQueued, oldestFailed, messages: mails, next };
    },
  }),
});

async function oldest(database: Database, state: MailState): Promise<number | null> {
  const where = [['state', '==', state]] as const;
  const [first] = await database.list({ collection: outbox, where, orderBy: 'created', limit: 1, fields: ['created'] });
  return first?.data.created ?? null;
}
