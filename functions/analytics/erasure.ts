import type { Context } from '../../shared/platform/context.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { type AnalyticsPreference, analyticsEvents } from '../../shared/store/analytics.ts';
import { type Database, erase } from '../../shared/store/database.ts';
import { type EventRow, erasureType } from './row.ts';
import { analyticsTopic } from './topic.ts';

/** Events deleted in one commit. */
const together = 300;

/**
 * An ingest that read the choice before it was made may store an event for as long as a function runs. So what was
 * erased is looked for once more, this much later.
 */
export const settledAfter = 3 * 60_000;

type Subject = Pick<AnalyticsPreference, 'field'> & { readonly id: string };

/** Deletes some of the events about an id. @returns how many; fewer than asked for means that none are left */
export async function eraseSome(
  { field, id }: Subject,
  database: Database,
): Promise<{ erased: number; done: boolean }> {
  const where = [[field, '==', id]] as const;
  const found = await database.list({ collection: analyticsEvents, where, limit: together, fields: ['type'] });
  await database.commit(found.map(({ ref }) => erase(ref)));
  return { erased: found.length, done: found.length < together };
}

/** Tells those that read the topic too, BigQuery above all, that what they have about an id is to go. Once or more. */
export async function announceErasure({ field, id }: Subject, until: number, { publisher }: Context): Promise<void> {
  const time = new Date(until).toISOString();
  const row: EventRow = {
    eventId: sha256Hex(erasureType, id, time),
    type: erasureType,
    event: 'Erasure Requested',
    timestamp: time,
    receivedAt: time,
    [field]: id,
  };
  await publisher.publishAll(analyticsTopic, [row]);
}
