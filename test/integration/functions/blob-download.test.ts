import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { blobDownload } from '../../../functions/blob/blob-download.ts';
import type { Platform } from '../../../shared/platform/context.ts';
import { nodeListener } from '../../../shared/platform/http/node-listener.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { blobChunkBytes } from '../../../shared/protocol/limits.ts';
import { StoreUnavailable } from '../../../shared/store/database.ts';
import { type BlobsOf, blobsOf, type SampleBlob, sampleBlob, twoParts } from '../../support/blobs.ts';
import { rawRequest } from '../../support/in-process.ts';
import { type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let jane: Member;
let place: BlobsOf;
let blob: SampleBlob;
let size: number;

beforeAll(async () => {
  stack = await startTestStack();
  jane = await newMember(stack, 'jane');
  place = await blobsOf(stack, jane);
  blob = twoParts();
  size = blob.bytes.length;
  await place.upload(blob);
});
afterAll(() => stack.stop());

describe('a range', () => {
  const border = blobChunkBytes;
  it.each<[string, () => string, () => [number, number]]>([
    ['the first bytes', () => 'bytes=0-9', () => [0, 9]],
    ['one byte', () => 'bytes=7-7', () => [7, 7]],
    ['across a chunk border', () => `bytes=${border - 3}-${border + 2}`, () => [border - 3, border + 2]],
    ['one whole chunk', () => `bytes=${border}-${2 * border - 1}`, () => [border, 2 * border - 1]],
    ['across a part border', () => `bytes=${8 * border - 1}-${8 * border}`, () => [8 * border - 1, 8 * border]],
    ['over three chunks', () => `bytes=${border - 1}-${2 * border}`, () => [border - 1, 2 * border]],
    ['to the end', () => `bytes=${size - 5}-`, () => [size - 5, size - 1]],
    ['past the end', () => `bytes=${size - 5}-${size + 5}`, () => [size - 5, size - 1]],
    ['the last bytes', () => 'bytes=-6', () => [size - 6, size - 1]],
    ['all of it, said as a range', () => 'bytes=0-', () => [0, size - 1]],
  ])('of %s is exactly those bytes', async (_what, range, span) => {
    const [first, last] = span();
    const { status, headers, bytes } = await place.download(blob.blobId, { range: range() });
    expect({ status, same: bytes.equals(blob.bytes.subarray(first, last + 1)) }).toEqual({ status: 206, same: true });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-range': `bytes ${first}-${last}/${size}`,
      'content-length': String(last - first + 1),
      'accept-ranges': 'bytes',
      etag: `"${blob.blobId}"`,
      'repr-digest': `sha-256=:${Buffer.from(blob.blobId, 'hex').toString('base64')}:`,
    });
  });

  it('beyond the end is refused, with the size', async () => {
    const answer = await place.download(blob.blobId, { range: `bytes=${size}-` });
    expect(answer).toMatchObject({
      status: 416,
      body: {
        code: 'RANGE_NOT_SATISFIABLE',
        detail: `The range lies beyond the ${size} bytes there are.`,
        size,
      },
    });
    expect(answer.headers.get('content-range')).toBe(`bytes */${size}`);
  });

  it.each(['bytes=0-1,5-6', 'items=0-5', 'bytes=5-2'])(
    'that a server may ignore gives the whole: %s',
    async (range) => {
      const { status, headers, bytes } = await place.download(blob.blobId, { range });
      expect({ status, range: headers.get('content-range') }).toEqual({ status: 200, range: null });
      expect(bytes.equals(blob.bytes)).toBe(true);
    },
  );

  it('holds if If-Range names these bytes, and else gives the whole', async () => {
    const range = 'bytes=0-9';
    const same = await place.download(blob.blobId, { range, 'if-range': `"${blob.blobId}"` });
    expect({ status: same.status, length: same.bytes.length }).toEqual({ status: 206, length: 10 });
    for (const other of [`"${'0'.repeat(64)}"`, `W/"${blob.blobId}"`, 'Wed, 21 Oct 2015 07:28:00 GMT']) {
      const whole = await place.download(blob.blobId, { range, 'if-range': other });
      expect({ status: whole.status, length: whole.bytes.length }).toEqual({ status: 200, length: size });
    }
  });

  it('reads only the chunks it touches', async () => {
    const { database } = stack.platform;
    const read: string[] = [];
    const get: Platform['database']['get'] = (...refs) => {
      read.push(...refs.map(({ path }) => path).filter((path) => path.includes('/chunks/')));
      return database.get(...refs);
    };
    const query = { groupId: place.groupId, blobId: blob.blobId };
    const request = rawRequest({ method: 'GET', query, token: jane.token });
    const headers = { ...request.headers, range: `bytes=${border - 1}-${border}` };
    const answer = await serve(
      blobDownload,
      { ...request, headers },
      { ...stack.platform, database: { ...database, get } },
    );
    let length = 0;
    for await (const bytes of answer.bytes ?? []) length += bytes.length;
    expect({ length, chunks: read.map((path) => path.split('-').at(-1)) }).toEqual({ length: 2, chunks: ['0', '1'] });
  });
});

describe('a download that fails half-way', () => {
  /** The function on a server of its own, whose store fails at the chunk with this number. */
  async function withFailingStore(chunk: number, download: (url: string) => Promise<unknown>) {
    const { database } = stack.platform;
    const get: Platform['database']['get'] = async (...refs) => {
      if (refs.some(({ path }) => path.endsWith(`-${chunk}`))) throw new StoreUnavailable(new Error('cut'));
      return database.get(...refs);
    };
    const platform = { ...stack.platform, database: { ...database, get } };
    const server = createServer(nodeListener((request) => serve(blobDownload, request, platform), platform));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await download(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it.each(['whole', 'range'])('breaks the connection and is logged (%s)', async (what) => {
    const logged = stack.logs.length;
    await withFailingStore(3, async (url) => {
      const query = new URLSearchParams({ groupId: place.groupId, blobId: blob.blobId });
      const range = what === 'range' ? { range: `bytes=1000-${size - 1000}` } : {};
      const answer = await fetch(`${url}?${query}`, { headers: { authorization: `Bearer ${jane.token}`, ...range } });
      expect(answer.status).toBe(what === 'range' ? 206 : 200);
      await expect(answer.arrayBuffer()).rejects.toThrow('terminated');
    });
    expect(stack.logs.slice(logged).filter(({ severity }) => severity === 'ERROR')).toMatchObject([
      { message: 'an answer broke off half-way', errorCode: 'STORE_UNAVAILABLE', requestId: expect.any(String) },
    ]);
  });

  it('because the reader went away is no error, and leaves nothing running', async () => {
    const logged = stack.logs.length;
    const stop = new AbortController();
    const query = new URLSearchParams({ groupId: place.groupId, blobId: blob.blobId });
    const headers = { authorization: `Bearer ${jane.token}` };
    const answer = await fetch(`${stack.url}/blob-download?${query}`, { headers, signal: stop.signal });
    await answer.body?.getReader().read();
    stop.abort();
    const line = await stack.waitForLog('an answer broke off half-way', logged);
    expect(line).toMatchObject({ severity: 'NOTICE', errorCode: 'ERR_STREAM_PREMATURE_CLOSE' });
  });
});

describe('an answer of more than 30 MiB', () => {
  it('announces no length, which Cloud Run would refuse, and is whole', async () => {
    const large = sampleBlob(31 * 1024 ** 2);
    await place.upload(large);
    const { status, headers, bytes } = await place.download(large.blobId);
    expect({ status, same: bytes.equals(large.bytes) }).toEqual({ status: 200, same: true });
    expect({ length: headers.get('content-length'), etag: headers.get('etag') }).toEqual({
      length: null,
      etag: `"${large.blobId}"`,
    });
  });
});
