import { randomInt } from 'node:crypto';
import type { Context } from '../../shared/platform/context.ts';
import type { DropReason } from '../../shared/protocol/analytics.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { analyticsDropped } from '../../shared/store/analytics.ts';
import { increment } from '../../shared/store/database.ts';
import { dayOf } from './time.ts';

/** Documents that what is counted is spread over, so that none is written by everybody. */
const shards = 8;

/** Each process keeps to one of them: it never waits for itself, and seldom for another. */
export const ownShard = randomInt(shards);

/** Notes how many events were not kept, and nothing else of them. A call that is repeated is counted again. */
export async function countDrops(
  drops: readonly DropReason[],
  { database, clock }: Pick<Context, 'database' | 'clock'>,
): Promise<void> {
  const now = clock.now();
  const day = dayOf(now);
  const expiresAt = new Date(now + lifetimes.analyticsEvent);
  const writes = [...Map.groupBy(drops, (reason) => reason)].map(([reason, same]) =>
    increment(analyticsDropped.doc(`${day}.${reason}.${ownShard}`), 'count', same.length, { day, reason, expiresAt }),
  );
  await database.commit(writes);
}
