import type { Context } from '../../shared/platform/context.ts';
import { scheduledFunction } from '../../shared/platform/definition.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { allBlobs, blobs, looseParts } from '../../shared/store/blobs.ts';
import { groups } from '../../shared/store/groups.ts';
import { eraseLoose, removal } from '../blob/removal.ts';

/** Of each kind in one run: what is left waits an hour. */
const most = { blobs: 200, looseParts: 1_000 };
/** Then a run begins nothing new, well before its timeout. */
const longestMs = 200_000;

export const maintenanceBlobs = scheduledFunction('maintenance-blobs', {
  schedule: '17 * * * *',
  summary: 'Delete uploads that were abandoned, blobs that nothing refers to, and chunks that no blob holds',
  run,
});

/** Blobs first: what they held becomes loose, and goes in the same run. */
async function run(context: Context) {
  const until = context.clock.now() + longestMs;
  const idle = await sweepBlobs(context, until);
  const loose = await sweepLooseParts(context, until);
  return { blobs: idle.done, looseParts: loose.done, more: idle.more || loose.more };
}

async function sweepBlobs({ database, clock }: Context, until: number) {
  const idle = await database.list({
    collection: allBlobs,
    everywhere: true,
    where: [['idleSince', '<=', clock.now() - lifetimes.idleBlob]],
    orderBy: 'idleSince',
    limit: most.blobs,
    fields: ['groupId', 'idleSince'],
  });
  return each(idle, most.blobs, clock, until, ({ id, data }) =>
    optimistic(async () => {
      const { groupId, idleSince } = data;
      const [group, blob] = await database.get(groups.doc(groupId), blobs(groupId).doc(id));
      // Another part, or a reference, may have come since the list was read.
      if (blob === undefined || blob.data.idleSince !== idleSince) return false;
      await database.commit(removal(blob, group));
      return true;
    }),
  );
}

async function sweepLooseParts({ database, clock }: Context, until: number) {
  const loose = await database.list({
    collection: looseParts,
    where: [['sweepFrom', '<=', clock.now()]],
    orderBy: 'sweepFrom',
    limit: most.looseParts,
  });
  return each(loose, most.looseParts, clock, until, (part) => eraseLoose(database, part));
}

/** One after the other while there is time. `more` when something was left, or may have been. */
async function each<T>(
  items: readonly T[],
  limit: number,
  clock: Context['clock'],
  until: number,
  sweep: (item: T) => Promise<boolean>,
): Promise<{ done: number; more: boolean }> {
  let done = 0;
  for (const item of items) {
    if (clock.now() >= until) return { done, more: true };
    if (await sweep(item)) done += 1;
  }
  return { done, more: items.length === limit };
}
