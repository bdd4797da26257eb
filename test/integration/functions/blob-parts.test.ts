import { blobUpload } from '../../../functions/blob/blob-upload.ts';
import type { Platform } from '../../../shared/platform/context.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { blobChunkBytes, limits } from '../../../shared/protocol/limits.ts';
import { looseParts } from '../../../shared/store/blobs.ts';
import { update } from '../../../shared/store/database.ts';
import { groups } from '../../../shared/store/groups.ts';
import { type BlobsOf, blobsOf, everyChunk, type SampleBlob, sampleBlob, twoParts } from '../../support/blobs.ts';
import { rawRequest } from '../../support/in-process.ts';
import { type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;

beforeAll(async () => {
  stack = await startTestStack();
  jane = await newMember(stack, 'jane');
});
afterAll(() => stack.stop());

const groupBytes = async (groupId: string) => (await stack.platform.database.get(groups.doc(groupId)))[0]?.data.bytes;

async function setGroupBytes(groupId: string, bytes: number) {
  const [group] = await stack.platform.database.get(groups.doc(groupId));
  if (group !== undefined) await stack.platform.database.commit([update(group, { bytes })]);
}

/** Chunks and records that no blob holds. */
async function leftOver() {
  const records = await stack.platform.database.list({ collection: looseParts, where: [] });
  return { chunks: await everyChunk(stack), loose: records.map(({ id }) => id) };
}
const nothing = { chunks: [], loose: [] };

function partRequest({ groupId }: BlobsOf, { blobId, parts }: SampleBlob, part: number, body: AsyncIterable<Buffer>) {
  const query = { groupId, blobId, part, parts: parts.length };
  return rawRequest({ method: 'PUT', query, token: jane.token, body });
}

async function expectWhole(place: BlobsOf, { blobId, bytes }: SampleBlob) {
  expect(await groupBytes(place.groupId)).toBe(bytes.length);
  expect((await place.download(blobId)).bytes.equals(bytes)).toBe(true);
  const { chunks, loose } = await leftOver();
  expect(loose).toEqual([]);
  expect(chunks).toHaveLength(Math.ceil(bytes.length / (960 * 1024)));
  await place.remove(blobId);
  expect(await leftOver()).toEqual(nothing);
}

describe('parts', () => {
  it('come in any order', async () => {
    const place = await blobsOf(stack, jane);
    const blob = sampleBlob(2 * limits.blobPartBytes + 5);
    await expect(place.put(blob, 2)).resolves.toMatchObject({ status: 200, body: { missing: [0, 1], size: 5 } });
    await expect(place.put(blob, 0)).resolves.toMatchObject({ status: 200, body: { missing: [1] } });
    await expect(place.put(blob, 1)).resolves.toMatchObject({ status: 200, body: { state: 'ready', missing: [] } });
    await expectWhole(place, blob);
  });

  it('come again, and the last that came counts', async () => {
    const place = await blobsOf(stack, jane);
    const blob = twoParts();
    const wrong = Buffer.alloc(limits.blobPartBytes);
    await place.put(blob, 0, { bytes: wrong });
    const again = await place.put(blob, 0);
    expect(again.body).toMatchObject({ state: 'uploading', size: limits.blobPartBytes, missing: [1] });
    expect(await everyChunk(stack)).toHaveLength(8);
    await expect(place.put(blob, 1)).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
    await expectWhole(place, blob);
  });

  it('come all at once: one call finishes the blob, and every answer is right', async () => {
    const place = await blobsOf(stack, jane);
    const blob = sampleBlob(2 * limits.blobPartBytes + 5);
    const answers = await Promise.all([0, 1, 2].map((part) => place.put(blob, part)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const bodies = answers.map(({ body }) => body as { state: string; missing: number[] });
    expect(bodies.map(({ missing }) => missing.length).sort()).toEqual([0, 1, 2]);
    expect(bodies.filter(({ state }) => state === 'ready')).toHaveLength(1);
    await expectWhole(place, blob);
  });

  it('come at once and each several times', async () => {
    const place = await blobsOf(stack, jane);
    const blob = sampleBlob(limits.blobPartBytes + 5);
    const answers = await Promise.all([0, 1, 1, 0, 1, 1].map((part) => place.put(blob, part)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.some(({ body }) => (body as { state: string }).state === 'ready')).toBe(true);
    await expectWhole(place, blob);
  });

  it('that come when the blob is there already change nothing, and nothing of them is kept', async () => {
    const place = await blobsOf(stack, jane);
    const blob = twoParts();
    const goOn = Promise.withResolvers<void>();
    async function* slowly(bytes: Buffer) {
      yield bytes.subarray(0, blobChunkBytes);
      await goOn.promise;
      yield bytes.subarray(blobChunkBytes);
    }
    const late = blob.parts.map((bytes, part) =>
      serve(blobUpload, partRequest(place, blob, part, slowly(bytes)), stack.platform),
    );
    while ((await leftOver()).chunks.length < late.length) await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(place.upload(blob)).resolves.toMatchObject({ body: { state: 'ready' } });
    goOn.resolve();
    for (const { status, body = '' } of await Promise.all(late)) {
      expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 200, body: { state: 'ready', missing: [] } });
    }
    await expectWhole(place, blob);
  });

  it('of the wrong bytes make no blob, and nothing is kept', async () => {
    const place = await blobsOf(stack, jane);
    const blob = twoParts();
    await place.put(blob, 0);
    const bytes = Buffer.from('other');
    const size = limits.blobPartBytes + 5;
    await expect(place.put(blob, 1, { bytes })).resolves.toMatchObject({
      status: 409,
      body: {
        code: 'BLOB_HASH_MISMATCH',
        detail: `The ${size} bytes have another SHA-256 than the blob id.`,
        blobId: blob.blobId,
      },
    });
    await expect(place.status(blob.blobId)).resolves.toMatchObject({ status: 404, body: { code: 'BLOB_NOT_FOUND' } });
    expect(await groupBytes(place.groupId)).toBe(0);
    expect(await leftOver()).toEqual(nothing);
    await expect(place.upload(blob)).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
    await place.remove(blob.blobId);
  });
});

describe('while a blob is being verified', () => {
  /** Sends the last part by a function whose verification stops at its first chunk, until told to go on. */
  function paused(place: BlobsOf, blob: SampleBlob) {
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const { database } = stack.platform;
    const get: Platform['database']['get'] = async (...refs) => {
      if (refs.some(({ path }) => path.includes('/chunks/'))) {
        reached.resolve();
        await goOn.promise;
      }
      return database.get(...refs);
    };
    const part = blob.parts.length - 1;
    async function* body() {
      yield blob.parts[part] ?? Buffer.alloc(0);
    }
    const request = partRequest(place, blob, part, body());
    const answer = serve(blobUpload, request, { ...stack.platform, database: { ...database, get } });
    return { reached: reached.promise, goOn: goOn.resolve, answer };
  }

  it('a part that comes again with the same bytes finishes it, once', async () => {
    const place = await blobsOf(stack, jane);
    const blob = twoParts();
    await place.put(blob, 0);
    const first = paused(place, blob);
    await first.reached;
    await expect(place.put(blob, 0)).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
    first.goOn();
    const { status, body = '' } = await first.answer;
    expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 200, body: { state: 'ready', missing: [] } });
    await expectWhole(place, blob);
  });

  it('a part that comes again with other bytes never gets into it', async () => {
    const place = await blobsOf(stack, jane);
    const blob = twoParts();
    await place.put(blob, 0);
    const first = paused(place, blob);
    await first.reached;
    await expect(place.put(blob, 0, { bytes: Buffer.alloc(limits.blobPartBytes) })).resolves.toMatchObject({
      status: 409,
      body: { code: 'BLOB_HASH_MISMATCH' },
    });
    first.goOn();
    const { status, body = '' } = await first.answer;
    expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 404, body: { code: 'BLOB_NOT_FOUND' } });
    expect(await groupBytes(place.groupId)).toBe(0);
    expect(await leftOver()).toEqual(nothing);
  });

  it('its room may go to somebody else: it is refused, and finished by any part sent when there is room', async () => {
    const place = await blobsOf(stack, jane);
    const blob = twoParts();
    await place.put(blob, 0);
    const first = paused(place, blob);
    await first.reached;
    const used = stack.platform.settings.groupQuotaBytes - blob.bytes.length + 1;
    await setGroupBytes(place.groupId, used);
    first.goOn();
    const { status, body = '' } = await first.answer;
    expect({ status, body: JSON.parse(body) }).toMatchObject({
      status: 413,
      body: { code: 'QUOTA_EXCEEDED', quota: 'groupBytes', used, needed: blob.bytes.length },
    });
    expect((await place.status(blob.blobId)).body).toMatchObject({ state: 'uploading', missing: [] });
    await expect(place.download(blob.blobId)).resolves.toMatchObject({
      status: 409,
      body: { code: 'BLOB_INCOMPLETE', missing: [] },
    });
    await setGroupBytes(place.groupId, 0);
    await expect(place.put(blob, 1)).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
    await expectWhole(place, blob);
  });

  it('other writes to the group do not stop it', async () => {
    const place = await blobsOf(stack, jane);
    const blob = twoParts();
    await place.put(blob, 0);
    const first = paused(place, blob);
    await first.reached;
    await place.upload(sampleBlob(100));
    first.goOn();
    expect((await first.answer).status).toBe(200);
    expect(await groupBytes(place.groupId)).toBe(blob.bytes.length + 100);
  });
});
