import { type BlobCipher, openChunkBytes, sealedChunkBytes } from '../../shared/crypto/blob.ts';
import { cut } from './source.ts';

/** Chunks that are worked on at once: WebCrypto has threads of its own. */
const parallel = 4;

/** What is made of each chunk of a plaintext, in their order. */
export const overPlaintext = <Made>(plaintext: AsyncIterable<Uint8Array>, work: Work<Made>): AsyncGenerator<Made> =>
  inTurn(cut(plaintext, openChunkBytes), work);

/** The plaintext of a blob. @throws {BlobTampered} at the first chunk that is not the one that belongs there */
export const opened = (cipher: BlobCipher, ciphertext: AsyncIterable<Uint8Array>) =>
  inTurn(cut(ciphertext, sealedChunkBytes), cipher.open);

type Work<Made> = (chunk: Uint8Array<ArrayBuffer>, index: number, last: boolean) => Promise<Made>;

async function* inTurn<Made>(chunks: ReturnType<typeof cut>, work: Work<Made>): AsyncGenerator<Made> {
  const underway: Promise<Made>[] = [];
  let index = 0;
  for await (const { bytes, last } of chunks) {
    const made = work(bytes, index++, last);
    made.catch(() => {});
    underway.push(made);
    const [first] = underway;
    if (underway.length < parallel || first === undefined) continue;
    underway.shift();
    yield await first;
  }
  for (const made of underway) yield await made;
}
