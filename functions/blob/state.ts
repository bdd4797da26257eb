import { Problem } from '../../shared/protocol/problems.ts';
import type { StoredBlob } from '../../shared/store/blobs.ts';
import type { Stored } from '../../shared/store/database.ts';

/** The part numbers that are still to come. */
export const missingParts = ({ parts, received }: Pick<StoredBlob, 'parts' | 'received'>): number[] =>
  Array.from({ length: parts }, (_, part) => part).filter((part) => received[part] === undefined);

/** A blob as the wire has it. */
export function stateOf(blobId: string, blob: Pick<StoredBlob, 'state' | 'parts' | 'received' | 'size'>) {
  const { state, parts, size } = blob;
  return { blobId, state, parts, size, missing: missingParts(blob) };
}

/** @throws Problem `BLOB_NOT_FOUND` */
export function requireBlob(blob: Stored<StoredBlob> | undefined, blobId: string): Stored<StoredBlob> {
  if (blob !== undefined) return blob;
  throw new Problem('BLOB_NOT_FOUND', 'The group has no such blob, not even parts of it.', { blobId });
}
