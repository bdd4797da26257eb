import type { Context } from '../../shared/platform/context.ts';
import { topicFunction } from '../../shared/platform/definition.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { analyticsEvents, type StoredEvent } from '../../shared/store/analytics.ts';
import { create } from '../../shared/store/database.ts';
import { otherWord } from './allow-list.ts';
import { readChoices } from './choices.ts';
import { ownShard } from './drops.ts';
import { addToRollUp, type Counted, rollUpOf } from './roll-up.ts';
import { type EventRow, erasureType, eventRow } from './row.ts';
import { dayOf } from './time.ts';
import { analyticsTopic } from './topic.ts';

/** Events that one commit stores: with as many roll-ups, each as large as it gets, it stays under 4 MiB. */
const mostTogether = 50;

export const analyticsIngest = topicFunction('analytics-ingest', {
  topic: analyticsTopic,
  summary: 'Store one usage event once, and count it',
  message: eventRow,
  secrets: ['analytics-id-key'],
  resources: { concurrency: 80, maxInstances: 10 },
  maxDeliveryAttempts: 5,
  // What comes while a commit runs is committed together after it: one writer a process.
  receive: (row, context) =>
    context.turns.together('analytics-ingest', row, mostTogether, (rows) => store(rows, context)),
});

/**
 * An event and what is counted of it are one commit, and an event is created: so however often it is delivered, and
 * wherever the process dies, it is stored once and counted once.
 */
async function store(rows: readonly EventRow[], context: Context): Promise<void> {
  let again = false;
  await optimistic(async () => {
    const fresh = await notStored(rows, again, context);
    again = true;
    const mayKeep = await readChoices(fresh, context);
    const kept = fresh.filter(mayKeep);
    if (kept.length === 0) return;
    const events = kept.map((row) => create(analyticsEvents.doc(row.eventId), stored(row)));
    await context.database.commit([...events, ...(await rollUps(kept, context))]);
  });
}

/** Each event once. Those of a first attempt are taken for new: if one is not, the commit says so. */
async function notStored(rows: readonly EventRow[], look: boolean, { database }: Context): Promise<EventRow[]> {
  const each = [...new Map(rows.map((row) => [row.eventId, row])).values()].filter(({ type }) => type !== erasureType);
  if (!look) return each;
  const found = await database.get(...each.map(({ eventId }) => analyticsEvents.doc(eventId)));
  return each.filter((_, index) => found[index] === undefined);
}

async function rollUps(rows: readonly EventRow[], { database, sealer }: Context) {
  const counted = await Promise.all(
    rows.map(async (row): Promise<Counted> => {
      const day = dayOf(Date.parse(row.timestamp));
      const device = await sealer.hash('analytics-id-key', 'day', `${day} ${row.anonymousId ?? row.userId}`);
      return { day, event: row.event, appVersion: row.appVersion ?? otherWord, os: row.os ?? otherWord, device };
    }),
  );
  const groups = [...Map.groupBy(counted, (each) => rollUpOf(each, ownShard).path).values()];
  const refs = groups.flatMap(([first]) => (first === undefined ? [] : [rollUpOf(first, ownShard)]));
  const before = await database.get(...refs);
  return refs.map((ref, index) => addToRollUp(ref, before[index], groups[index] ?? []));
}

function stored(row: EventRow): StoredEvent {
  const receivedAt = Date.parse(row.receivedAt);
  return {
    // Rows that only announce an erasure are not stored.
    type: row.type as StoredEvent['type'],
    event: row.event,
    timestamp: Date.parse(row.timestamp),
    receivedAt,
    anonymousId: row.anonymousId ?? null,
    userId: row.userId ?? null,
    app: row.app ?? null,
    appVersion: row.appVersion ?? null,
    os: row.os ?? null,
    osVersion: row.osVersion ?? null,
    library: row.library ?? null,
    libraryVersion: row.libraryVersion ?? null,
    properties: row.properties ?? {},
    expiresAt: new Date(receivedAt + lifetimes.analyticsEvent),
  };
}
