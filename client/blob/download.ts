import { blobCipher, sealedSize } from '../../shared/crypto/blob.ts';
import { BlobTampered } from '../../shared/crypto/errors.ts';
import type { LongWork } from '../api/context.ts';
import { Unreachable } from '../failures.ts';
import { type Group, keyOf } from '../group.ts';
import type { Session } from '../log-in.ts';
import { opened } from './chunks.ts';
import type { BlobReference } from './plan.ts';
import { piecesOf, streamOf, without } from './source.ts';

/** How often a download that breaks off is gone on with, without a byte in between. */
const attempts = 4;

/**
 * The content of a blob as it comes, each chunk verified before it is handed out. A download that breaks off is gone on
 * with where it was.
 * @param work.onProgress counts bytes of ciphertext
 * @throws {GroupKeyMissing} when it is under a key this program has never had
 * @throws {CallFailed} `BLOB_NOT_FOUND`, `BLOB_INCOMPLETE`, `GROUP_NOT_FOUND`
 * @throws {BlobTampered} from the stream: what came before is right, and not all of it
 */
export async function downloadBlob(
  { session, group }: { readonly session: Session; readonly group: Group },
  reference: BlobReference,
  work: LongWork,
): Promise<ReadableStream<Uint8Array>> {
  const { blobId, keyEpoch, seal, size } = reference;
  const cipher = await blobCipher(keyOf(group, keyEpoch), { groupId: group.id, keyEpoch }, seal);
  const from = async (offset: number) => {
    const range = offset === 0 ? {} : { range: `bytes=${offset}-`, 'if-range': `"${blobId}"` };
    const { bytes, whole } = await session.connection.stream('blob-download', { groupId: group.id, blobId }, range);
    // Something on the way may know no ranges.
    return whole && offset > 0 ? without(offset, piecesOf(bytes)) : piecesOf(bytes);
  };
  const expected = { total: sealedSize(size), origin: new URL(session.connection.base).origin };
  return streamOf(opened(cipher, received(await from(0), from, expected, work)));
}

type Pieces = AsyncIterable<Uint8Array>;

async function* received(
  first: Pieces,
  from: (offset: number) => Promise<Pieces>,
  { total, origin }: { readonly total: number; readonly origin: string },
  { signal, onProgress }: LongWork,
): AsyncGenerator<Uint8Array> {
  let pieces = first[Symbol.asyncIterator]();
  let offset = 0;
  let failures = 0;
  try {
    for (;;) {
      let cause: unknown;
      const next = await pieces.next().catch((error: unknown) => {
        signal?.throwIfAborted();
        cause = error;
      });
      if (next !== undefined && !next.done) {
        offset += next.value.length;
        if (offset > total) throw new BlobTampered();
        failures = 0;
        onProgress?.({ done: offset, total });
        yield next.value;
        continue;
      }
      if (offset === total) return;
      failures += 1;
      if (failures === attempts) throw cause === undefined ? new BlobTampered() : new Unreachable(origin, cause);
      pieces = (await from(offset))[Symbol.asyncIterator]();
    }
  } finally {
    // Whoever reads no more, whatever the reason, has it cancelled.
    await pieces.return?.();
  }
}
