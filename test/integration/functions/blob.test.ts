import { blobChunkBytes, limits } from '../../../shared/protocol/limits.ts';
import { looseParts } from '../../../shared/store/blobs.ts';
import { groups } from '../../../shared/store/groups.ts';
import { blobsOf, everyChunk, sampleBlob, twoParts } from '../../support/blobs.ts';
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
const loose = () => stack.platform.database.list({ collection: looseParts, where: [] });

describe('the whole cycle', () => {
  it('uploads, tells its state, downloads the same bytes, deletes', async () => {
    const place = await blobsOf(stack, jane);
    const blob = twoParts();
    const { blobId } = blob;
    const size = blob.bytes.length;
    await expect(place.status(blobId)).resolves.toMatchObject({
      status: 404,
      body: { code: 'BLOB_NOT_FOUND', detail: 'The group has no such blob, not even parts of it.', blobId },
    });

    const half = { blobId, state: 'uploading', parts: 2, size: limits.blobPartBytes, missing: [1] };
    await expect(place.put(blob, 0)).resolves.toMatchObject({ status: 200, body: half });
    expect((await place.status(blobId)).body).toEqual({ ...half, references: 0 });
    await expect(place.download(blobId)).resolves.toMatchObject({
      status: 409,
      body: { code: 'BLOB_INCOMPLETE', detail: 'Of 2 parts 1 are missing.', missing: [1] },
    });
    expect(await groupBytes(place.groupId)).toBe(0);

    const ready = { blobId, state: 'ready', parts: 2, size, missing: [] };
    await expect(place.put(blob, 1)).resolves.toMatchObject({ status: 200, body: ready });
    expect((await place.status(blobId)).body).toEqual({ ...ready, references: 0 });
    expect(await groupBytes(place.groupId)).toBe(size);
    const { status, bytes, headers } = await place.download(blobId);
    expect({ status, same: bytes.equals(blob.bytes) }).toEqual({ status: 200, same: true });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(size),
      'accept-ranges': 'bytes',
      etag: `"${blobId}"`,
      'repr-digest': `sha-256=:${Buffer.from(blobId, 'hex').toString('base64')}:`,
      'x-content-type-options': 'nosniff',
    });
    expect(await everyChunk(stack)).toHaveLength(10);

    await expect(place.remove(blobId)).resolves.toMatchObject({ status: 200, body: { deleted: true } });
    await expect(place.remove(blobId)).resolves.toMatchObject({ status: 404, body: { code: 'BLOB_NOT_FOUND' } });
    await expect(place.download(blobId)).resolves.toMatchObject({ status: 404, body: { code: 'BLOB_NOT_FOUND' } });
    expect(await groupBytes(place.groupId)).toBe(0);
    expect({ chunks: await everyChunk(stack), loose: await loose() }).toEqual({ chunks: [], loose: [] });
  });

  it.each([1, blobChunkBytes - 1, blobChunkBytes, blobChunkBytes + 1, limits.blobPartBytes])(
    'takes one part of %i bytes',
    async (size) => {
      const place = await blobsOf(stack, jane);
      const blob = sampleBlob(size);
      await expect(place.upload(blob)).resolves.toMatchObject({ status: 200, body: { state: 'ready', size } });
      expect((await place.download(blob.blobId)).bytes.equals(blob.bytes)).toBe(true);
      await place.remove(blob.blobId);
    },
  );

  it('answers for a blob that is there without reading the body, whatever it is', async () => {
    const place = await blobsOf(stack, jane);
    const blob = sampleBlob(10);
    await place.upload(blob);
    const before = await place.stored(blob.blobId);
    await expect(place.put(blob, 0, { bytes: Buffer.from('other') })).resolves.toMatchObject({
      status: 200,
      body: { state: 'ready', size: 10 },
    });
    expect((await place.stored(blob.blobId))?.revision).toEqual(before?.revision);
    expect((await place.download(blob.blobId)).bytes.equals(blob.bytes)).toBe(true);
    await place.remove(blob.blobId);
  });

  it('gives a retry with the same Idempotency-Key its first answer', async () => {
    const place = await blobsOf(stack, jane);
    const blob = sampleBlob(10);
    const headers = { 'idempotency-key': 'blob-upload-once' };
    const first = await place.put(blob, 0, { headers });
    await place.remove(blob.blobId);
    const again = await place.put(blob, 0, { headers });
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await place.stored(blob.blobId)).toBeUndefined();
    await expect(place.put(sampleBlob(10), 0, { headers })).resolves.toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect({ chunks: await everyChunk(stack), loose: await loose() }).toEqual({ chunks: [], loose: [] });
  });
});
