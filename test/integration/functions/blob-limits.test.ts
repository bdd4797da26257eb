import { limits } from '../../../shared/protocol/limits.ts';
import { looseParts } from '../../../shared/store/blobs.ts';
import { type BlobsOf, blobsOf, callRaw, everyChunk, sampleBlob, twoParts } from '../../support/blobs.ts';
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

afterEach(async () => {
  const loose = await stack.platform.database.list({ collection: looseParts, where: [] });
  expect({ chunks: await everyChunk(stack), loose }).toEqual({ chunks: [], loose: [] });
});

const bodyError = (message: string, bytes: number) => ({
  status: 400,
  body: { code: 'INVALID_INPUT', detail: `The body ${message}, not ${bytes}.`, errors: [{ path: '/body', message }] },
});
const fieldError = (path: string, message: string) => ({
  status: 400,
  body: { code: 'INVALID_INPUT', errors: [{ path, message }] },
});

describe('a part', () => {
  const exactly = `must be exactly ${limits.blobPartBytes} bytes in every part but the last`;

  it.each([0, 1, limits.blobPartBytes - 1])('that is not the last is not %i bytes', async (size) => {
    const answer = await place.put(twoParts(), 0, { bytes: Buffer.alloc(size) });
    expect(answer).toMatchObject(bodyError(exactly, size));
  });

  it('that is the last is not empty', async () => {
    const answer = await place.put(twoParts(), 1, { bytes: Buffer.alloc(0) });
    expect(answer).toMatchObject(bodyError(`must be 1 to ${limits.blobPartBytes} bytes in the last part`, 0));
  });

  it.each([0, 1])('(%i of 2) is not one byte too long', async (part) => {
    const bytes = Buffer.alloc(limits.blobPartBytes + 1);
    await expect(place.put(twoParts(), part, { bytes })).resolves.toMatchObject({
      status: 413,
      body: {
        code: 'BODY_TOO_LARGE',
        detail: `The body is larger than ${limits.blobPartBytes} bytes.`,
        limit: limits.blobPartBytes,
      },
    });
  });

  it('is not one byte too long where no length is announced', async () => {
    const { blobId } = twoParts();
    const query = new URLSearchParams({ groupId: place.groupId, blobId, part: '1', parts: '2' });
    const bytes = new Blob([new Uint8Array(limits.blobPartBytes + 1)]);
    const init = {
      method: 'PUT',
      headers: { authorization: `Bearer ${jane.token}` },
      body: bytes.stream(),
      duplex: 'half',
    };
    const answer = await fetch(`${stack.url}/blob-upload?${query}`, init as RequestInit);
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 413,
      body: { code: 'BODY_TOO_LARGE', limit: limits.blobPartBytes },
    });
  });

  it('is not compressed', async () => {
    const answer = await place.put(twoParts(), 0, { headers: { 'content-encoding': 'gzip' } });
    expect(answer).toMatchObject({
      status: 415,
      body: {
        code: 'UNSUPPORTED_MEDIA_TYPE',
        detail: 'The body is stored as it is: send it without Content-Encoding.',
      },
    });
  });

  it('belongs to as many parts as the first call said', async () => {
    const blob = twoParts();
    await place.put(blob, 0);
    const answer = await place.put(blob, 1, { parts: 3 });
    expect(answer).toMatchObject(fieldError('/parts', 'must be 2, as in the first call for this blob'));
    expect((await place.status(blob.blobId)).body).toMatchObject({ parts: 2, missing: [1] });
    await place.remove(blob.blobId);
  });
});

describe('the query', () => {
  const wholeNumber = 'must be a whole number';
  it.each([
    ['/part', { part: limits.blobParts, parts: limits.blobParts }, `must be 0 to ${limits.blobParts - 1}`],
    ['/part', { part: 2, parts: 2 }, 'must be less than parts: it counts from 0'],
    ['/part', { part: -1 }, wholeNumber],
    ['/part', { part: '' }, wholeNumber],
    ['/part', { part: '0x1' }, wholeNumber],
    ['/part', { part: '1.0' }, wholeNumber],
    ['/parts', { parts: 0 }, `must be 1 to ${limits.blobParts}`],
    ['/parts', { parts: limits.blobParts + 1 }, `must be 1 to ${limits.blobParts}`],
    ['/parts', { parts: '1e1' }, wholeNumber],
    ['/blobId', { blobId: 'a'.repeat(63) }, 'must be exactly 64 lower-case hex characters'],
    ['/blobId', { blobId: 'A'.repeat(64) }, 'must be exactly 64 lower-case hex characters'],
    ['/groupId', { groupId: 'x' }, 'must be a group id (grp_ and 32 hex characters)'],
  ])('names %s when it is wrong: %j', async (path, wrong, message) => {
    const query = { groupId: place.groupId, blobId: 'a'.repeat(64), part: 0, parts: 2, ...wrong };
    const headers = { authorization: `Bearer ${jane.token}` };
    const answer = await callRaw(`${stack.url}/blob-upload`, query, { method: 'PUT', headers, body: Buffer.from('x') });
    expect(answer.status).toBe(400);
    const { code, errors } = answer.body as { code: string; errors: { path: string }[] };
    expect(code).toBe('INVALID_INPUT');
    expect(errors).toContainEqual({ path, message });
  });

  it('takes the last part there can be', async () => {
    const blob = sampleBlob(3);
    const answer = await place.put(blob, limits.blobParts - 1, { parts: limits.blobParts, bytes: blob.bytes });
    expect(answer).toMatchObject({ status: 200, body: { parts: limits.blobParts, size: 3 } });
    await place.remove(blob.blobId);
  });

  it.each(['blob-status', 'blob-download'])('of %s names what is missing', async (name) => {
    const answer = await callRaw(`${stack.url}/${name}`, {}, { headers: { authorization: `Bearer ${jane.token}` } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/groupId' }, { path: '/blobId' }] } });
  });
});
