import { once } from 'node:events';
import { connect } from 'node:net';
import { blobUpload } from '../../../functions/blob/blob-upload.ts';
import { eraseLoose } from '../../../functions/blob/removal.ts';
import type { Platform } from '../../../shared/platform/context.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { blobChunkBytes, lifetimes, limits } from '../../../shared/protocol/limits.ts';
import { looseParts } from '../../../shared/store/blobs.ts';
import { StoreUnavailable } from '../../../shared/store/database.ts';
import { type BlobsOf, blobsOf, everyChunk, type SampleBlob, twoParts } from '../../support/blobs.ts';
import { rawRequest } from '../../support/in-process.ts';
import { type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;
let place: BlobsOf;

beforeAll(async () => {
  stack = await startTestStack();
  jane = await newMember(stack, 'jane');
  place = await blobsOf(stack, jane);
});
afterAll(() => stack.stop());

const loose = () => stack.platform.database.list({ collection: looseParts, where: [] });
const leftOver = async () => ({ chunks: await everyChunk(stack), loose: await loose() });

async function clean() {
  for (const record of await loose()) await eraseLoose(stack.platform.database, record);
  expect(await leftOver()).toEqual({ chunks: [], loose: [] });
}

/** Sends the first part by a function on this store. `midway` runs when two chunks of it have come. */
async function putWith(blob: SampleBlob, database: Partial<Platform['database']>, midway?: () => Promise<void>) {
  async function* body() {
    yield blob.bytes.subarray(0, 2 * blobChunkBytes);
    await midway?.();
    yield blob.bytes.subarray(2 * blobChunkBytes, limits.blobPartBytes);
  }
  const query = { groupId: place.groupId, blobId: blob.blobId, part: 0, parts: blob.parts.length };
  const request = rawRequest({ method: 'PUT', query, token: jane.token, body: body() });
  const platform = { ...stack.platform, database: { ...stack.platform.database, ...database } };
  const { status, body: text = '' } = await serve(blobUpload, request, platform);
  return { status, body: JSON.parse(text) };
}

describe('an upload', () => {
  it('that its sender breaks off leaves nothing, and is no error of ours', async () => {
    const blob = twoParts();
    const logged = stack.logs.length;
    const { hostname, port } = new URL(stack.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const query = new URLSearchParams({ groupId: place.groupId, blobId: blob.blobId, part: '0', parts: '2' });
    const head = [
      `PUT /blob-upload?${query} HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${jane.token}`,
      `Content-Length: ${limits.blobPartBytes}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    await new Promise((sent) => socket.write(blob.bytes.subarray(0, 2_000_000), sent));
    while ((await everyChunk(stack)).length < 2) await new Promise((resume) => setTimeout(resume, 20));
    expect(await loose()).toMatchObject([{ data: { groupId: place.groupId, blobId: blob.blobId } }]);
    socket.destroy();
    await expect(stack.waitForLog('blob-upload 400', logged)).resolves.toMatchObject({
      severity: 'NOTICE',
      code: 'INVALID_INPUT',
    });
    expect(await leftOver()).toEqual({ chunks: [], loose: [] });
    await expect(place.status(blob.blobId)).resolves.toMatchObject({ status: 404, body: { code: 'BLOB_NOT_FOUND' } });
  });

  it('whose store fails leaves a record by which its chunks are found a day later', async () => {
    const blob = twoParts();
    let commits = 0;
    const commit: Platform['database']['commit'] = async (writes) => {
      commits += 1;
      if (commits > 3) throw new StoreUnavailable(new Error('cut'));
      return stack.platform.database.commit(writes);
    };
    const before = stack.platform.clock.now();
    await expect(putWith(blob, { commit })).resolves.toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect(await everyChunk(stack)).toHaveLength(2);
    const [record] = await loose();
    expect(record?.data).toEqual({ groupId: place.groupId, blobId: blob.blobId, sweepFrom: expect.any(Number) });
    expect(record?.data.sweepFrom).toBeGreaterThanOrEqual(before + lifetimes.idleBlob);
    await clean();
  });

  it('whose last answer from the store is lost is what the store says it is', async () => {
    const blob = twoParts();
    let lost = false;
    // As Google's client does it: the commit happened, its answer was lost, and sent again it meets itself.
    const commit: Platform['database']['commit'] = async (writes) => {
      await stack.platform.database.commit(writes);
      const attaches = writes.some(({ path }) => path.endsWith(`/blobs/${blob.blobId}`));
      if (!attaches || lost) return;
      lost = true;
      await stack.platform.database.commit(writes);
    };
    await expect(putWith(blob, { commit })).resolves.toMatchObject({
      status: 200,
      body: { state: 'uploading', size: limits.blobPartBytes, missing: [1] },
    });
    expect(lost).toBe(true);
    expect({ chunks: (await everyChunk(stack)).length, loose: await loose() }).toEqual({ chunks: 8, loose: [] });
    await expect(place.put(blob, 1)).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
    expect((await place.download(blob.blobId)).bytes.equals(blob.bytes)).toBe(true);
    await place.remove(blob.blobId);
  });

  it('that the sweep has overtaken never gets into its blob', async () => {
    const blob = twoParts();
    const answer = await putWith(blob, {}, async () => {
      for (const record of await loose()) expect(await eraseLoose(stack.platform.database, record)).toBe(true);
    });
    expect(answer).toMatchObject({
      status: 503,
      body: {
        code: 'UNAVAILABLE',
        detail: 'This part took so long that it was given up. Nothing was written.',
        retryAfter: 1,
      },
    });
    expect(await place.stored(blob.blobId)).toBeUndefined();
    expect(await leftOver()).toEqual({ chunks: [], loose: [] });
  });

  it('that is in its blob is not taken by a sweep that read its record before', async () => {
    const blob = twoParts();
    let seen: Awaited<ReturnType<typeof loose>> = [];
    await putWith(blob, {}, async () => {
      seen = await loose();
    });
    expect(seen).toHaveLength(1);
    const [record] = seen;
    if (record === undefined) throw new Error('There was no record.');
    expect(await eraseLoose(stack.platform.database, record)).toBe(false);
    await expect(place.put(blob, 1)).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
    expect((await place.download(blob.blobId)).bytes.equals(blob.bytes)).toBe(true);
  });
});
