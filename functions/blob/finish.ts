import { createHash } from 'node:crypto';
import type { SessionContext } from '../../shared/platform/context.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { blobs, type StoredBlob } from '../../shared/store/blobs.ts';
import { CommitConflict, type Database, type Stored, update } from '../../shared/store/database.ts';
import { membership } from '../group/membership.ts';
import { requireRoom } from '../group/quota.ts';
import { ChunkGone, contents } from './contents.ts';
import { attemptsOf, removal, tidyAway } from './removal.ts';
import { missingParts, requireBlob, stateOf } from './state.ts';

interface Named {
  readonly groupId: string;
  readonly blobId: string;
}

/**
 * Makes a blob that has all its parts exist, once its bytes are those that its id names; else takes it away. Chunks
 * never change, so the same attempts need no second hash when only the group has moved on meanwhile.
 * @throws Problem `BLOB_HASH_MISMATCH`, `QUOTA_EXCEEDED`; `BLOB_NOT_FOUND` when somebody took it away meanwhile
 */
export function finish({ groupId, blobId }: Named, context: SessionContext) {
  const hash = hasher(context.database);
  return optimistic(async () => {
    const { group, found } = await membership(context, groupId, 'editor', blobs(groupId).doc(blobId));
    const blob = requireBlob(found[0], blobId);
    const { state, size } = blob.data;
    const known = stateOf(blobId, blob.data);
    if (state === 'ready' || missingParts(blob.data).length > 0) return context.commit(known, []);
    await requireRoom(context, group, size);
    if ((await hash(blob)) !== blobId) {
      await context.database.commit(removal(blob, group));
      await tidyAway(context, { groupId, blobId, attempts: attemptsOf(blob.data) });
      throw new Problem('BLOB_HASH_MISMATCH', `The ${size} bytes have another SHA-256 than the blob id.`, { blobId });
    }
    return context.commit({ ...known, state: 'ready' as const }, [
      update(blob, { state: 'ready', idleSince: context.clock.now() }),
      update(group, { bytes: group.data.bytes + size }),
    ]);
  });
}

/** Hashes a blob's bytes, remembering the last result. */
function hasher(database: Database): (blob: Stored<StoredBlob>) => Promise<string> {
  let hashed: { readonly attempts: string; readonly sha256: string } | undefined;
  let gone: string | undefined;
  return async (blob) => {
    const attempts = attemptsOf(blob.data).join();
    if (hashed?.attempts === attempts) return hashed.sha256;
    const hash = createHash('sha256');
    try {
      for await (const bytes of contents(database, blob, { first: 0, last: blob.data.size - 1 })) hash.update(bytes);
    } catch (error) {
      // A part replaced meanwhile takes its chunks along: read the blob again. But only once for the same attempts.
      if (!(error instanceof ChunkGone) || gone === attempts) throw error;
      gone = attempts;
      throw new CommitConflict(error);
    }
    hashed = { attempts, sha256: hash.digest('hex') };
    return hashed.sha256;
  };
}
