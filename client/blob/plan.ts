import {
  type BlobCipher,
  type BlobPlace,
  blobCipher,
  blobSeal,
  chunkDigest,
  mostSealedIn,
  sealedSize,
  tagBytes,
} from '../../shared/crypto/blob.ts';
import type { Limits } from '../api/limits.ts';
import { BlobTooLarge, SourceChanged } from '../failures.ts';
import { type Group, keyOf } from '../group.ts';
import { overPlaintext } from './chunks.ts';
import { createDigest, hexOf } from './digest.ts';
import type { Reading } from './source.ts';

/** How to find a blob and open it. It belongs into the encrypted content that refers to it; `blobIds` names the blob besides. */
export interface BlobReference {
  /** SHA-256 of the ciphertext. */
  readonly blobId: string;
  /** Of the group key it is encrypted under. */
  readonly keyEpoch: number;
  /** Opens it, with that key: a secret of the group. */
  readonly seal: string;
  /** Bytes of plaintext. */
  readonly size: number;
}

/** A blob that is to be sent, known to the byte before the first of them is. */
export interface BlobPlan {
  readonly reference: BlobReference;
  /** The 16-byte tag of each of its chunks: what has another is not sent. */
  readonly tags: readonly Uint8Array<ArrayBuffer>[];
  readonly cipher: BlobCipher;
}

/**
 * Reads a source twice: for its key, which is made of its content, and for the hash of its ciphertext.
 * @throws {BlobTooLarge} before all of it is read
 * @throws {SourceChanged} when the second reading gave other bytes
 */
export async function planBlob(
  group: Group,
  read: Reading,
  { blobPartBytes, blobParts }: Limits,
  signal: AbortSignal | undefined,
): Promise<BlobPlan> {
  const { keyEpoch } = group;
  const place: BlobPlace = { groupId: group.id, keyEpoch };
  const groupKey = keyOf(group, keyEpoch);
  const most = blobPartBytes * blobParts;
  let size = 0;
  const measured = async function* () {
    for await (const piece of read()) {
      signal?.throwIfAborted();
      size += piece.length;
      if (sealedSize(size) > most) throw new BlobTooLarge(size, mostSealedIn(most));
      yield piece;
    }
  };
  const digests: Uint8Array<ArrayBuffer>[] = [];
  for await (const digest of overPlaintext(measured(), chunkDigest)) digests.push(digest);
  const seal = await blobSeal(groupKey, place, digests);
  const cipher = await blobCipher(groupKey, place, seal);

  const whole = createDigest();
  const tags: Uint8Array<ArrayBuffer>[] = [];
  const both = (...chunk: Parameters<BlobCipher['seal']>) =>
    Promise.all([chunkDigest(chunk[0]), cipher.seal(...chunk)]);
  for await (const [digest, sealed] of overPlaintext(read(), both)) {
    signal?.throwIfAborted();
    if (!same(digest, digests[tags.length])) throw new SourceChanged();
    whole.update(sealed);
    tags.push(tagOf(sealed));
  }
  if (tags.length !== digests.length) throw new SourceChanged();
  return { reference: { blobId: await hexOf(whole), keyEpoch, seal, size }, tags, cipher };
}

/**
 * The ciphertext as it was planned, chunk by chunk, from one more reading. Two contents under one key and nonce would give
 * both of them away, so a chunk is handed out only when its tag is the planned one: the tag covers every byte and the
 * length and whether the chunk is the last, and whoever does not have the key cannot make another chunk with it.
 * @throws {SourceChanged} before the first chunk that is not as planned
 */
export async function* asPlanned({ cipher, tags }: BlobPlan, read: Reading): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let index = 0;
  for await (const sealed of overPlaintext(read(), cipher.seal)) {
    if (!same(tagOf(sealed), tags[index++])) throw new SourceChanged();
    yield sealed;
  }
}

const tagOf = (sealed: Uint8Array<ArrayBuffer>) => sealed.slice(sealed.length - tagBytes);

const same = (one: Uint8Array, other: Uint8Array | undefined) =>
  other !== undefined && one.every((byte, at) => byte === other[at]);
