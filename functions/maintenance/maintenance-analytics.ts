import type { Context } from '../../shared/platform/context.ts';
import { scheduledFunction } from '../../shared/platform/definition.ts';
import { analyticsPreferences } from '../../shared/store/analytics.ts';
import { CommitConflict, update } from '../../shared/store/database.ts';
import { announceErasure, eraseSome } from '../analytics/erasure.ts';
import { analyticsTopic } from '../analytics/topic.ts';
import { inPasses } from './in-passes.ts';

const none = { events: 0, subjects: 0 };

export const maintenanceAnalytics = scheduledFunction('maintenance-analytics', {
  schedule: '*/5 * * * *',
  summary: 'Finish erasing the usage events of accounts and devices that asked for it',
  publishes: [analyticsTopic],
  run: (context) => inPasses(none, () => pass(context)),
});

/**
 * Erases some events of the id that is due longest. Once there are none, tells the readers of the topic, and then notes
 * that it is done: killed anywhere, the next pass goes on.
 */
async function pass(context: Context): Promise<typeof none | undefined> {
  const { database, clock } = context;
  const [due] = await database.list({
    collection: analyticsPreferences,
    where: [['erasureDue', '<=', clock.now()]],
    orderBy: 'erasureDue',
    limit: 1,
  });
  if (due === undefined) return undefined;
  const subject = { id: due.id, field: due.data.field };
  const { erased, done } = await eraseSome(subject, database);
  if (!done) return { events: erased, subjects: 0 };
  await announceErasure(subject, due.data.forgottenUntil ?? clock.now(), context);
  try {
    await database.commit([update(due, { erasureDue: null })]);
  } catch (error) {
    // Its owner has just asked again, which is due later.
    if (!(error instanceof CommitConflict)) throw error;
  }
  return { events: erased, subjects: 1 };
}
