import type { StoredBlob } from '../../shared/store/blobs.ts';
import { type Stored, update, type Write } from '../../shared/store/database.ts';

/** Counts versions that came to name a blob, or went. From its last reference on it is idle, and the sweep takes it. */
export function changeReferences(blob: Stored<StoredBlob>, by: number, now: number): Write {
  const references = blob.data.references + by;
  return update(blob, { references, idleSince: references === 0 ? now : null });
}
