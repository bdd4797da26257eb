import { type Change, type ChangeResult, contentBytes, type Resource } from '../../shared/protocol/changes.ts';
import { limits } from '../../shared/protocol/limits.ts';
import type { Stored } from '../../shared/store/database.ts';
import type { StoredResource } from '../../shared/store/resources.ts';

/** What the server puts on a write. */
export interface Stamp {
  readonly revision: number;
  readonly version: string;
  readonly by: string;
  readonly now: number;
}

/** One change, with what is known of its place. */
export interface Proposal {
  readonly change: Change;
  /** Epoch of the key that its content is encrypted with. */
  readonly keyEpoch: number;
  readonly stored: Stored<StoredResource> | undefined;
}

interface Verdict {
  readonly result: ChangeResult;
  /** What is to be stored, if it is. */
  readonly written?: StoredResource;
}

/** What becomes of one change. Clocks decide nothing: only whether the pusher saw the last version. */
export function judge(
  { change, keyEpoch, stored }: Proposal,
  blobExists: (blobId: string) => boolean,
  { revision, version, by, now }: Stamp,
): Verdict {
  const { id, baseVersion, removed, type, name, lastEdited, encContent, blobIds } = change;
  const current = stored?.data.version ?? null;
  const rejected = (code: 'CONTENT_TOO_LARGE' | 'BLOB_MISSING'): Verdict => ({
    result: { id, status: 'rejected', version: current, code },
  });
  if (contentBytes(encContent) > limits.inlineContentBytes) return rejected('CONTENT_TOO_LARGE');
  if (stored !== undefined && sameBytes(change, stored.data, keyEpoch)) {
    return { result: { id, status: 'unchanged', version: stored.data.version } };
  }
  // Something that was seen and is kept no longer was removed: it must not come back by itself.
  if (current !== baseVersion) {
    const row = stored === undefined ? {} : { current: asResource(id, stored.data) };
    return { result: { id, status: 'conflict', version: current, ...row } };
  }
  if (!blobIds.every(blobExists)) return rejected('BLOB_MISSING');
  const { created, createdBy } = stored?.data ?? { created: now, createdBy: by };
  const origin = { created, createdBy, lastEdited, lastEditedBy: by };
  const place = { revision, version, keyEpoch, written: Math.max(now, stored?.data.written ?? 0) };
  const written = { ...place, type, name, removed, ...origin, encContent, blobIds };
  const status = removed ? 'removed' : stored === undefined ? 'created' : 'updated';
  return { result: { id, status, version }, written };
}

/** A stored resource, or a version of one, as the wire has it. */
export function asResource(id: string, data: StoredResource): Resource {
  const { type, name, version, removed, keyEpoch, createdBy, lastEdited, lastEditedBy, encContent, blobIds } = data;
  const row = { id, type, name, version, removed, keyEpoch, createdBy, lastEdited, lastEditedBy, encContent };
  return blobIds.length === 0 ? row : { ...row, blobIds: [...blobIds] };
}

/** A push that arrives twice must not look like a conflict with itself. */
function sameBytes(change: Change, stored: StoredResource, keyEpoch: number): boolean {
  return (
    change.encContent === stored.encContent &&
    change.removed === stored.removed &&
    change.name === stored.name &&
    change.type === stored.type &&
    keyEpoch === stored.keyEpoch &&
    change.blobIds.join() === stored.blobIds.join()
  );
}
