import type { Context } from '../../shared/platform/context.ts';
import { errorFields } from '../../shared/platform/log.ts';
import {
  chunkKey,
  chunks,
  chunksPerPart,
  type LoosePart,
  looseParts,
  type StoredBlob,
} from '../../shared/store/blobs.ts';
import {
  CommitConflict,
  create,
  type Database,
  erase,
  remove,
  type Stored,
  update,
  type Write,
} from '../../shared/store/database.ts';
import type { Group } from '../../shared/store/groups.ts';

/**
 * One commit that takes a blob away, uploaded or not: its parts become loose in it, so that a crash after it leaves no
 * chunk that cannot be found. `group` gets the bytes of a ready blob back; none when the group goes too.
 */
export function removal(blob: Stored<StoredBlob>, group: Stored<Group> | undefined): Write[] {
  const { state, size, groupId } = blob.data;
  return [
    remove(blob),
    ...attemptsOf(blob.data).map((attempt) => givenUp(groupId, blob.id, attempt)),
    ...(state === 'ready' && group !== undefined ? [update(group, { bytes: group.data.bytes - size })] : []),
  ];
}

export const attemptsOf = ({ received }: Pick<StoredBlob, 'received'>): string[] =>
  Object.values(received).map(({ attempt }) => attempt);

/** For the commit that takes an attempt out of its blob: from then on no blob can have it any more. */
export const givenUp = (groupId: string, blobId: string, attempt: string): Write =>
  create(looseParts.doc(attempt), { groupId, blobId, sweepFrom: 0 });

/**
 * Deletes the chunks of a loose part, then its record. Safe beside a call that attaches the same part to its blob: that
 * removes the record as it was created, this changes it before any chunk goes, so only one of the two can happen.
 * @returns whether it was loose still
 */
export async function eraseLoose(database: Database, loose: Stored<LoosePart>): Promise<boolean> {
  const { groupId, blobId, sweepFrom } = loose.data;
  try {
    if (sweepFrom !== 0) await database.commit([update(loose, { sweepFrom: 0 })]);
  } catch (error) {
    if (error instanceof CommitConflict) return false;
    throw error;
  }
  await eraseGivenUp(database, groupId, blobId, loose.id);
  return true;
}

/** The same for an attempt that is given up already. Done twice, or half and then again, it comes to the same. */
async function eraseGivenUp(database: Database, groupId: string, blobId: string, attempt: string): Promise<void> {
  const place = chunks(groupId, blobId);
  const keys = Array.from({ length: chunksPerPart }, (_, index) => chunkKey(attempt, index));
  // A commit each: together they may pass the store's limit for one.
  await Promise.all(keys.map((key) => database.commit([erase(place.doc(key))])));
  await database.commit([erase(looseParts.doc(attempt))]);
}

/** Deletes the chunks of these given-up attempts now, as far as that goes: what is left, the sweep takes. */
export async function tidyAway(
  context: Pick<Context, 'database' | 'log' | 'requestId'>,
  { groupId, blobId, attempts }: { groupId: string; blobId: string; attempts: readonly string[] },
): Promise<void> {
  await orLeaveToSweep(context, async () => {
    for (const attempt of attempts) await eraseGivenUp(context.database, groupId, blobId, attempt);
  });
}

/** Deletes what this attempt has written, unless a blob has it. */
export async function abandon(
  context: Pick<Context, 'database' | 'log' | 'requestId'>,
  attempt: string,
): Promise<void> {
  await orLeaveToSweep(context, async () => {
    const [loose] = await context.database.get(looseParts.doc(attempt));
    if (loose !== undefined) await eraseLoose(context.database, loose);
  });
}

async function orLeaveToSweep(
  { log, requestId }: Pick<Context, 'log' | 'requestId'>,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    log.write('WARNING', 'chunks are left to the sweep', { requestId, ...errorFields(error) });
  }
}
