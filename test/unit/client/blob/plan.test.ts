import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { asPlanned, planBlob } from '../../../../client/blob/plan.ts';
import { cut } from '../../../../client/blob/source.ts';
import { BlobTooLarge, SourceChanged } from '../../../../client/failures.ts';
import type { Group } from '../../../../client/group.ts';
import { createAesKey } from '../../../../shared/crypto/aes-key.ts';
import { openChunkBytes, sealedChunkBytes, sealedSize } from '../../../../shared/crypto/blob.ts';
import { limits } from '../../../../shared/protocol/limits.ts';
import { collect } from '../../../support/sdk.ts';

const key = await createAesKey();
const group: Group = {
  id: `grp_${'a'.repeat(32)}`,
  name: 'Pictures',
  teamId: 'team_1',
  role: 'editor',
  keyEpoch: 3,
  keys: new Map([[3, key]]),
};
const content = randomBytes(5 * openChunkBytes + 1000);
const planOf = (read: () => AsyncIterable<Uint8Array>) => planBlob(group, read, limits, undefined);

/** The bytes in pieces of some size, anew at each call. */
const inPieces = (bytes: Uint8Array, size: number) =>
  async function* () {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  };
/** Another source at each reading; the last of them for all that follow. */
function readings(...sources: Uint8Array[]) {
  let reading = 0;
  return () => inPieces(sources[Math.min(reading++, sources.length - 1)] ?? content, 100_000)();
}
const changedAt = (at: number) => content.map((byte, index) => (index === at ? byte ^ 1 : byte));

/** What the words of `blobSeal` and `blobCipher` say, by node:crypto. */
function expected(bytes: Uint8Array) {
  const raw = Buffer.from(key.k, 'base64url');
  const info = (purpose: string) => JSON.stringify([purpose, group.id, group.keyEpoch]);
  const chunks = Array.from({ length: Math.max(1, Math.ceil(bytes.length / openChunkBytes)) }, (_, index) =>
    bytes.subarray(index * openChunkBytes, (index + 1) * openChunkBytes),
  );
  const sealKey = hkdfSync('sha256', raw, Buffer.alloc(32), info('nightvault.blob.seal.1'), 32);
  const hmac = createHmac('sha256', Buffer.from(sealKey));
  for (const chunk of chunks) hmac.update(createHash('sha256').update(chunk).digest());
  const seal = hmac.digest();
  const blobKey = Buffer.from(hkdfSync('sha256', raw, seal, info('nightvault.blob.1'), 32));
  const ciphertext = chunks.map((chunk, index) => {
    const last = index === chunks.length - 1 ? '01' : '00';
    const cipher = createCipheriv(
      'aes-256-gcm',
      blobKey,
      Buffer.from(index.toString(16).padStart(22, '0') + last, 'hex'),
    );
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  });
  return { seal: seal.toString('hex'), ciphertext: Buffer.concat(ciphertext) };
}

describe('a plan', () => {
  it.each([0, 1, openChunkBytes, openChunkBytes + 1, content.length])(
    'of %i bytes is the seal and the ciphertext that node:crypto makes, whatever pieces the source comes in',
    async (size) => {
      const bytes = content.subarray(0, size);
      const { seal, ciphertext } = expected(bytes);
      for (const piece of [70_001, 1_000_000]) {
        const plan = await planOf(inPieces(bytes, piece));
        const blobId = createHash('sha256').update(ciphertext).digest('hex');
        expect(plan.reference).toEqual({ blobId, keyEpoch: 3, seal, size });
        expect(Buffer.concat(await collect(asPlanned(plan, inPieces(bytes, piece)))).equals(ciphertext)).toBe(true);
      }
      expect(ciphertext).toHaveLength(sealedSize(size));
    },
  );

  it.each([
    ['has another byte in the middle', changedAt(2 * openChunkBytes + 5)],
    ['has another last byte', changedAt(content.length - 1)],
    ['has grown', Buffer.concat([content, content])],
    ['has grown by one byte', Buffer.concat([content, Buffer.of(1)])],
    ['ends early, within a chunk', content.subarray(0, content.length - 1)],
    ['ends early, with a whole chunk', content.subarray(0, 3 * openChunkBytes)],
    ['is empty', new Uint8Array()],
  ])('is not made of a source that %s at the second reading', async (_name, second) => {
    await expect(planOf(readings(content, second))).rejects.toThrow(SourceChanged);
  });

  it('is given up before all of a source that is too large is read', async () => {
    let read = 0;
    const endless = async function* () {
      for (;;) {
        read += 1;
        yield content;
      }
    };
    const small = { ...limits, blobParts: 1, blobPartBytes: 4 * sealedChunkBytes };
    await expect(planBlob(group, endless, small, undefined)).rejects.toThrow(BlobTooLarge);
    expect(read).toBe(1);
  });

  it.each([
    ['the first', 0],
    ['the second', 1],
  ])('ends at a signal during %s reading', async (_name, before) => {
    const stop = new AbortController();
    let reading = 0;
    const read = async function* () {
      const now = reading++;
      yield* inPieces(content.subarray(0, 3 * openChunkBytes), openChunkBytes)();
      if (now === before) stop.abort(new Error('the lid was closed'));
      yield* inPieces(content.subarray(3 * openChunkBytes), openChunkBytes)();
    };
    await expect(planBlob(group, read, limits, stop.signal)).rejects.toThrow('the lid was closed');
  });
});

describe('what is sent', () => {
  it.each([
    ['has another first byte', 0, changedAt(0)],
    ['has another byte in the middle', 2, changedAt(2 * openChunkBytes + 5)],
    ['has another last byte', 5, changedAt(content.length - 1)],
    ['has two chunks in the other order', 1, swapped()],
    ['has grown by one byte', 5, Buffer.concat([content, Buffer.of(1)])],
    ['ends early, within a chunk', 5, content.subarray(0, content.length - 1)],
    ['ends early, with a whole chunk', 2, content.subarray(0, 3 * openChunkBytes)],
  ])('of a source that %s since it was planned is the %i chunks before', async (_name, chunks, third) => {
    const read = readings(content, content, third);
    const plan = await planOf(read);
    const sent: Uint8Array[] = [];
    const sending = async () => {
      for await (const chunk of asPlanned(plan, read)) sent.push(chunk);
    };
    await expect(sending()).rejects.toThrow(SourceChanged);
    expect(sent).toHaveLength(chunks);
    const right = expected(content).ciphertext.subarray(0, chunks * sealedChunkBytes);
    expect(Buffer.concat(sent).equals(right)).toBe(true);
  });

  it('is no part at all while the part that would hold the changed chunk is not whole', async () => {
    const read = readings(content, content, changedAt(3 * openChunkBytes));
    const plan = await planOf(read);
    const parts: Uint8Array[] = [];
    const sending = async () => {
      for await (const { bytes } of cut(asPlanned(plan, read), 2 * sealedChunkBytes)) parts.push(bytes);
    };
    await expect(sending()).rejects.toThrow(SourceChanged);
    expect(parts).toHaveLength(1);
  });

  it('is read only a few chunks ahead of what is taken', async () => {
    const plan = await planOf(inPieces(content, openChunkBytes));
    let read = 0;
    const counted = async function* () {
      for await (const piece of inPieces(content, openChunkBytes)()) {
        read += 1;
        yield piece;
      }
    };
    const chunks = asPlanned(plan, counted);
    await chunks.next();
    expect(read).toBeLessThanOrEqual(5);
    await chunks.return(undefined);
  });
});

function swapped(): Uint8Array {
  const [one, two] = [
    content.subarray(openChunkBytes, 2 * openChunkBytes),
    content.subarray(2 * openChunkBytes, 3 * openChunkBytes),
  ];
  return Buffer.concat([content.subarray(0, openChunkBytes), two, one, content.subarray(3 * openChunkBytes)]);
}
