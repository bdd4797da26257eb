import type { SessionContext } from '../../shared/platform/context.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { type BlobPart, blobs, looseParts, type StoredBlob } from '../../shared/store/blobs.ts';
import { create, remove, type Stored, update, type Write } from '../../shared/store/database.ts';
import type { Group } from '../../shared/store/groups.ts';
import { membership } from '../group/membership.ts';
import { requireRoom } from '../group/quota.ts';
import { abandon, givenUp, tidyAway } from './removal.ts';
import { missingParts, stateOf } from './state.ts';

export interface PartOf {
  readonly groupId: string;
  readonly blobId: string;
  readonly part: number;
  readonly parts: number;
}

/**
 * Makes an attempt the part of its blob, in one commit with the end of its being loose: if the sweep has taken it
 * meanwhile, nothing happens.
 * @returns the answer, committed; `undefined` when no part is missing now, or none was, and the blob is to be finished
 */
export async function attach(input: PartOf, received: BlobPart, context: SessionContext) {
  const { groupId, blobId, part, parts } = input;
  const { caller, clock } = context;
  const now = clock.now();
  const ref = blobs(groupId).doc(blobId);
  const { group, found } = await membership(context, groupId, 'editor', ref, looseParts.doc(received.attempt));
  const [blob, loose] = found;
  if (blob?.data.state === 'ready') {
    // Others were faster: nobody needs these chunks.
    await abandon(context, received.attempt);
    return undefined;
  }
  requireSameParts(blob, parts);
  const replaced = blob?.data.received[part];
  // A commit whose answer was lost on its way here may have happened.
  if (blob !== undefined && replaced?.attempt === received.attempt)
    return unlessComplete(blob.data, blobId, [], context);
  if (loose === undefined || loose.data.sweepFrom <= now) {
    // Whoever gave it up may have come before its last chunks.
    await tidyAway(context, { groupId, blobId, attempts: [received.attempt] });
    throw new Problem('UNAVAILABLE', 'This part took so long that it was given up. Nothing was written.', {
      retryAfter: 1,
    });
  }
  await requireUploadRoom(context, group, received.bytes - (replaced?.bytes ?? 0));

  const size = (blob?.data.size ?? 0) + received.bytes - (replaced?.bytes ?? 0);
  const fields = { received: { ...blob?.data.received, [part]: received }, size, idleSince: now };
  const first = {
    groupId,
    state: 'uploading',
    parts,
    references: 0,
    created: now,
    createdBy: caller.accountId,
  } as const;
  const answer = await unlessComplete(
    { ...(blob?.data ?? first), ...fields },
    blobId,
    [
      blob === undefined ? create(ref, { ...first, ...fields }) : update(blob, fields),
      remove(loose),
      ...(replaced === undefined ? [] : [givenUp(groupId, blobId, replaced.attempt)]),
    ],
    context,
  );
  if (replaced !== undefined) await tidyAway(context, { groupId, blobId, attempts: [replaced.attempt] });
  return answer;
}

/** Commits, and with it the answer where it is one already. */
async function unlessComplete(blob: StoredBlob, blobId: string, writes: readonly Write[], context: SessionContext) {
  if (missingParts(blob).length > 0) return context.commit(stateOf(blobId, blob), writes);
  await context.database.commit(writes);
  return undefined;
}

/** @throws Problem `INVALID_INPUT` when the blob is being uploaded in another number of parts */
export function requireSameParts(blob: Stored<StoredBlob> | undefined, parts: number): void {
  if (blob === undefined || blob.data.parts === parts) return;
  const message = `must be ${blob.data.parts}, as in the first call for this blob`;
  throw new Problem('INVALID_INPUT', `parts: ${message}`, { errors: [{ path: '/parts', message }] });
}

/**
 * That everything being uploaded to the group, grown by so many bytes, would find room in it. Parts that replace their
 * like do not grow it.
 * @throws Problem `QUOTA_EXCEEDED`
 */
export async function requireUploadRoom(context: SessionContext, group: Stored<Group>, growth: number): Promise<void> {
  if (growth <= 0) return;
  const open = { collection: blobs(group.id), where: [['state', '==', 'uploading']] } as const;
  await requireRoom(context, group, (await context.database.sum(open, 'size')) + growth);
}
