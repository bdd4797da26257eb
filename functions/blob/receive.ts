import type { Bytes } from '../../shared/platform/operation.ts';
import { blobChunkBytes, limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { chunkKey, chunks } from '../../shared/store/blobs.ts';
import { create, type Database } from '../../shared/store/database.ts';
import { collectBuffers } from './memory.ts';

interface Part {
  readonly groupId: string;
  readonly blobId: string;
  readonly part: number;
  readonly parts: number;
}

/**
 * Writes a part's bytes as the chunks of one attempt, through one buffer: a chunk is stored before the next is read.
 * @returns how many bytes came
 * @throws Problem `INVALID_INPUT` when they are not as many as this part must have
 */
export async function receive(
  database: Database,
  { groupId, blobId, part, parts }: Part,
  attempt: string,
  body: Bytes,
): Promise<number> {
  const place = chunks(groupId, blobId);
  const buffer = Buffer.allocUnsafeSlow(blobChunkBytes);
  let stored = 0;
  let filled = 0;
  const store = async () => {
    const key = chunkKey(attempt, stored / blobChunkBytes);
    await database.commit([create(place.doc(key), { data: buffer.subarray(0, filled) })]);
    collectBuffers();
    stored += filled;
    filled = 0;
  };
  for await (const piece of body) {
    for (let at = 0; at < piece.length; ) {
      const taken = piece.subarray(at, at + blobChunkBytes - filled);
      buffer.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled === blobChunkBytes) await store();
    }
  }
  if (filled > 0) await store();
  requireLength(stored, part === parts - 1);
  return stored;
}

function requireLength(bytes: number, last: boolean): void {
  if (last ? bytes > 0 : bytes === limits.blobPartBytes) return;
  const message = last
    ? `must be 1 to ${limits.blobPartBytes} bytes in the last part`
    : `must be exactly ${limits.blobPartBytes} bytes in every part but the last`;
  throw new Problem('INVALID_INPUT', `The body ${message}, not ${bytes}.`, { errors: [{ path: '/body', message }] });
}
