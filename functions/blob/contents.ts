import { blobChunkBytes } from '../../shared/protocol/limits.ts';
import { type Chunk, chunkKey, chunks, type StoredBlob } from '../../shared/store/blobs.ts';
import type { Database, Ref, Stored } from '../../shared/store/database.ts';
import { collectBuffers } from './memory.ts';

/** A chunk that the blob as it was read refers to is gone: the blob was changed or deleted since. */
export class ChunkGone extends Error {
  static readonly code = 'CHUNK_GONE';
  readonly code = ChunkGone.code;

  constructor(path: string) {
    super(`There is no chunk ${path} any more.`);
    this.name = 'ChunkGone';
  }
}

/**
 * A span of a complete blob, both ends included, chunk by chunk. Reads only the chunks it touches, each
 * while the one before is being used.
 * @throws ChunkGone
 */
export async function* contents(
  database: Database,
  { id, data }: Stored<StoredBlob>,
  { first, last }: { readonly first: number; readonly last: number },
): AsyncIterable<Uint8Array> {
  const place = chunks(data.groupId, id);
  const from = Math.floor(first / blobChunkBytes);
  const wanted = chunkKeys(data).slice(from, Math.floor(last / blobChunkBytes) + 1);
  const fetch = (index: number): Promise<Uint8Array> | undefined => {
    const key = wanted[index];
    if (key === undefined) return undefined;
    const chunk = read(database, place.doc(key));
    // The reader may stop before it comes to this one; then nobody else would see it fail.
    chunk.catch(() => undefined);
    return chunk;
  };
  let next = fetch(0);
  for (let index = 0; next !== undefined; index += 1) {
    const chunk = next;
    next = fetch(index + 1);
    const bytes = await chunk;
    const start = (from + index) * blobChunkBytes;
    yield bytes.subarray(Math.max(0, first - start), last + 1 - start);
    collectBuffers();
  }
}

async function read(database: Database, ref: Ref<Chunk>): Promise<Uint8Array> {
  const [chunk] = await database.get(ref);
  if (chunk === undefined) throw new ChunkGone(ref.path);
  return chunk.data.data;
}

/** The chunks' keys from the first byte to the last: all are full but the last one. */
function chunkKeys({ parts, received }: StoredBlob): string[] {
  return Array.from({ length: parts }, (_, part) => received[part]).flatMap((part) =>
    part === undefined
      ? []
      : Array.from({ length: Math.ceil(part.bytes / blobChunkBytes) }, (_, index) => chunkKey(part.attempt, index)),
  );
}
