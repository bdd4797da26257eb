import { type BlobCipher, type BlobPlace, blobCipher, blobSeal, sealedSize } from '../../shared/crypto/blob.ts';
import { encodeHex } from '../../shared/crypto/hex.ts';
import type { Limits } from '../api/limits.ts';
import { BlobTooLarge, SourceChanged } from '../failures.ts';
import { type Group, keyOf } from '../group.ts';
import { sealed } from './chunks.ts';
import { createDigest, hexOf } from './digest.ts';
import { cut, type Reading } from './source.ts';

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
  /** SHA-256 of each part, in hex: nothing else is sent. */
  readonly parts: readonly string[];
  readonly cipher: BlobCipher;
}

/**
 * Reads a source twice: for its key, which is made of its content, and for the hashes of its ciphertext.
 * @throws {BlobTooLarge} before all of it is read
 * @throws {SourceChanged} when the second reading gave other bytes
 */
export async function planBlob(
  group: Group,
  read: Reading,
  { blobPartBytes, blobParts }: Limits,
  signal: AbortSignal | undefined,
): Promise<BlobPlan> {
  const place: BlobPlace = { groupId: group.id, keyEpoch: group.keyEpoch };
  const groupKey = keyOf(group, group.keyEpoch);
  const content = createDigest();
  let size = 0;
  for await (const piece of read()) {
    signal?.throwIfAborted();
    size += piece.length;
    if (sealedSize(size) > blobPartBytes * blobParts) throw new BlobTooLarge(size, blobPartBytes * blobParts);
    content.update(piece);
  }
  const digest = await content.end();
  const seal = await blobSeal(groupKey, place, digest);
  const cipher = await blobCipher(groupKey, place, seal);

  const [whole, again] = [createDigest(), createDigest()];
  const parts: string[] = [];
  async function* second() {
    for await (const piece of read()) {
      again.update(piece);
      yield piece;
    }
  }
  for await (const { bytes } of cut(sealed(cipher, second()), blobPartBytes)) {
    signal?.throwIfAborted();
    const part = createDigest();
    part.update(bytes);
    whole.update(bytes);
    parts.push(await hexOf(part));
  }
  if ((await hexOf(again)) !== encodeHex(digest)) throw new SourceChanged();
  return { reference: { blobId: await hexOf(whole), keyEpoch: group.keyEpoch, seal, size }, parts, cipher };
}
