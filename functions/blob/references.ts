import type { StoredBlob } from '../../shared/store/blobs.ts';
import { type Stored, update, type Write } from '../../shared/store/database.ts';

/**
 * That so many more (or, below 0, fewer) versions of resources refer to the blob. While any does, it is kept; from the
 * moment none does, the sweep's time runs. One blob, one write in a commit: add up what one commit does to it.
 */
export function refer(blob: Stored<StoredBlob>, delta: number, now: number): Write {
  const references = blob.data.references + delta;
  return update(blob, { references, idleSince: references > 0 ? null : now });
}
