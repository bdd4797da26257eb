import { type BlobCipher, openChunkBytes, sealedChunkBytes } from '../../shared/crypto/blob.ts';
import { cut } from './source.ts';

/** The ciphertext of a blob, chunk by chunk. While one is used the next is made. */
export async function* sealed(
  cipher: BlobCipher,
  plaintext: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield* inTurn(cut(plaintext, openChunkBytes), cipher.seal);
}

/** The plaintext of a blob. @throws {BlobTampered} at the first chunk that is not the one that belongs there */
export async function* opened(
  cipher: BlobCipher,
  ciphertext: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield* inTurn(cut(ciphertext, sealedChunkBytes), cipher.open);
}

async function* inTurn(
  chunks: ReturnType<typeof cut>,
  work: BlobCipher['seal'],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let index = 0;
  let before: Promise<Uint8Array<ArrayBuffer>> | undefined;
  for await (const { bytes, last } of chunks) {
    const now = work(bytes, index++, last);
    now.catch(() => {});
    if (before !== undefined) yield await before;
    before = now;
  }
  if (before !== undefined) yield await before;
}
