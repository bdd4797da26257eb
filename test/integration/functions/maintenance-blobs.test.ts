import { refer } from '../../../functions/blob/references.ts';
import { maintenanceBlobs } from '../../../functions/maintenance/maintenance-blobs.ts';
import type { Platform } from '../../../shared/platform/context.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { lifetimes, limits } from '../../../shared/protocol/limits.ts';
import { chunkKey, chunks, looseParts } from '../../../shared/store/blobs.ts';
import { create, StoreUnavailable } from '../../../shared/store/database.ts';
import { groups } from '../../../shared/store/groups.ts';
import { type BlobsOf, blobsOf, everyChunk, sampleBlob, twoParts } from '../../support/blobs.ts';
import { jsonRequest } from '../../support/in-process.ts';
import { type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;
let place: BlobsOf;

beforeAll(async () => {
  stack = await startTestStack();
  jane = await newMember(stack, 'jane');
});
afterAll(() => stack.stop());
beforeEach(async () => {
  place = await blobsOf(stack, jane);
});

const day = lifetimes.idleBlob;
const minute = 60_000;
const nothing = { blobs: 0, looseParts: 0, more: false };

/** The function, called so much later. */
async function sweep(later: number, more: Partial<Platform> = {}) {
  const clock = { now: () => Date.now() + later };
  const { status, body = '' } = await serve(maintenanceBlobs, jsonRequest({}), { ...stack.platform, clock, ...more });
  return { status, body: JSON.parse(body) };
}

const loose = () => stack.platform.database.list({ collection: looseParts, where: [] });
const leftOver = async () => ({ chunks: await everyChunk(stack), loose: await loose() });
const groupBytes = async () => (await stack.platform.database.get(groups.doc(place.groupId)))[0]?.data.bytes;

async function referMore(blobId: string, delta: number) {
  const stored = await place.stored(blobId);
  if (stored === undefined) throw new Error('There is no such blob.');
  await stack.platform.database.commit([refer(stored, delta, Date.now())]);
}

/** What an upload leaves behind that ended half-way, a crash included. */
async function leaveLoosePart(attempt: string, blobId = 'a'.repeat(64)) {
  const { groupId } = place;
  const { database } = stack.platform;
  await database.commit([create(looseParts.doc(attempt), { groupId, blobId, sweepFrom: Date.now() + day })]);
  for (const index of [0, 1, 7]) {
    await database.commit([create(chunks(groupId, blobId).doc(chunkKey(attempt, index)), { data: Buffer.alloc(9) })]);
  }
}

describe('maintenance-blobs', () => {
  it('takes an upload that got no further part for a day, not before', async () => {
    const blob = twoParts();
    await place.put(blob, 0);
    await expect(sweep(day - minute)).resolves.toEqual({ status: 200, body: nothing });
    expect((await place.status(blob.blobId)).status).toBe(200);
    await expect(sweep(day + minute)).resolves.toEqual({
      status: 200,
      body: { blobs: 1, looseParts: 1, more: false },
    });
    await expect(place.status(blob.blobId)).resolves.toMatchObject({ status: 404, body: { code: 'BLOB_NOT_FOUND' } });
    expect(await leftOver()).toEqual({ chunks: [], loose: [] });
    await expect(sweep(day + minute)).resolves.toEqual({ status: 200, body: nothing });
    await expect(place.upload(blob)).resolves.toMatchObject({ status: 200, body: { state: 'ready' } });
    await place.remove(blob.blobId);
  });

  it('takes a blob that nothing has referred to for a day, and gives its bytes back to the group', async () => {
    const [kept, gone] = [sampleBlob(100), sampleBlob(limits.blobPartBytes + 7)];
    await place.upload(kept);
    await place.upload(gone);
    await referMore(kept.blobId, 1);
    await referMore(gone.blobId, 1);
    await expect(sweep(2 * day)).resolves.toEqual({ status: 200, body: nothing });
    await referMore(gone.blobId, -1);
    await expect(sweep(day - minute)).resolves.toEqual({ status: 200, body: nothing });
    await expect(sweep(day + minute)).resolves.toEqual({ status: 200, body: { blobs: 1, looseParts: 2, more: false } });
    expect(await groupBytes()).toBe(100);
    expect((await place.download(kept.blobId)).bytes.equals(kept.bytes)).toBe(true);
    await expect(place.download(gone.blobId)).resolves.toMatchObject({ status: 404, body: { code: 'BLOB_NOT_FOUND' } });
    expect(await everyChunk(stack)).toHaveLength(1);
    await referMore(kept.blobId, -1);
    await place.remove(kept.blobId);
  });

  it('takes chunks that no blob holds once their record is a day old', async () => {
    await leaveLoosePart('one');
    await leaveLoosePart('two', 'b'.repeat(64));
    await expect(sweep(day - minute)).resolves.toEqual({ status: 200, body: nothing });
    expect(await everyChunk(stack)).toHaveLength(6);
    await expect(sweep(day + minute)).resolves.toEqual({ status: 200, body: { blobs: 0, looseParts: 2, more: false } });
    expect(await leftOver()).toEqual({ chunks: [], loose: [] });
  });

  it.each([1, 2, 3, 4, 8, 12])('interrupted at its write %i, does the rest the next time', async (last) => {
    const blob = sampleBlob(10);
    await place.upload(blob);
    await leaveLoosePart('left');
    let commits = 0;
    const commit: Platform['database']['commit'] = async (writes) => {
      commits += 1;
      if (commits > last) throw new StoreUnavailable(new Error('cut'));
      return stack.platform.database.commit(writes);
    };
    const cut = await sweep(day + minute, { database: { ...stack.platform.database, commit } });
    expect(cut).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    await expect(sweep(day + minute)).resolves.toMatchObject({ status: 200, body: { more: false } });
    expect({ ...(await leftOver()), bytes: await groupBytes() }).toEqual({ chunks: [], loose: [], bytes: 0 });
  });

  it('leaves alone what came to life after it looked', async () => {
    const blob = sampleBlob(10);
    await place.upload(blob);
    const { database } = stack.platform;
    let looked = false;
    const get: Platform['database']['get'] = async (...refs) => {
      if (!looked) await referMore(blob.blobId, 1);
      looked = true;
      return database.get(...refs);
    };
    await expect(sweep(day + minute, { database: { ...database, get } })).resolves.toEqual({
      status: 200,
      body: nothing,
    });
    expect((await place.download(blob.blobId)).bytes.equals(blob.bytes)).toBe(true);
    await referMore(blob.blobId, -1);
    await place.remove(blob.blobId);
  });

  it('run twice at once, takes everything once', async () => {
    const blob = twoParts();
    await place.upload(blob);
    await leaveLoosePart('left');
    const answers = await Promise.all([sweep(day + minute), sweep(day + minute)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.reduce((sum, { body }) => sum + body.blobs, 0)).toBe(1);
    expect({ ...(await leftOver()), bytes: await groupBytes() }).toEqual({ chunks: [], loose: [], bytes: 0 });
  });

  it('begins nothing new when its time is over, and says that there is more', async () => {
    for (const attempt of ['one', 'two', 'three']) await leaveLoosePart(attempt);
    const start = Date.now() + day + minute;
    let asked = 0;
    const clock = {
      now: () => {
        asked += 1;
        return start + asked * 40_000;
      },
    };
    const some = await sweep(0, { clock });
    expect(some).toMatchObject({ status: 200, body: { blobs: 0, more: true } });
    expect(some.body.looseParts).toBeGreaterThan(0);
    expect(some.body.looseParts).toBeLessThan(3);
    await expect(sweep(day + minute)).resolves.toMatchObject({
      body: { looseParts: 3 - some.body.looseParts, more: false },
    });
    expect(await leftOver()).toEqual({ chunks: [], loose: [] });
  });
});
