import { looseParts, type StoredBlob } from '../../shared/store/blobs.ts';
import { type Stored, set, type Write } from '../../shared/store/database.ts';

/** For the commit that lets go of a blob: its chunks belong to nothing from then on, and the sweep finds them. */
export function loosenParts({ id, data: { groupId, received } }: Stored<StoredBlob>, now: number): Write[] {
  return Object.values(received).map(({ attempt }) =>
    set(looseParts.doc(attempt), { groupId, blobId: id, sweepFrom: now }),
  );
}
