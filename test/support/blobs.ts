import { createHash, randomBytes } from 'node:crypto';
import { blobChunkBytes, limits } from '../../shared/protocol/limits.ts';
import { blobs, type Chunk, type StoredBlob } from '../../shared/store/blobs.ts';
import { collection, type Stored } from '../../shared/store/database.ts';
import { type Member, newGroup } from './people.ts';
import type { TestStack } from './stack.ts';

/** Random bytes under their id, and how they are cut into parts. */
export interface SampleBlob {
  readonly bytes: Buffer;
  readonly blobId: string;
  readonly parts: readonly Buffer[];
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function sampleBlob(size: number): SampleBlob {
  const bytes = randomBytes(size);
  const parts = Array.from({ length: Math.ceil(size / limits.blobPartBytes) }, (_, part) =>
    bytes.subarray(part * limits.blobPartBytes, (part + 1) * limits.blobPartBytes),
  );
  return { bytes, blobId: sha256(bytes), parts };
}

/** Two parts: one full, and one of two chunks. */
export const twoParts = (): SampleBlob => sampleBlob(limits.blobPartBytes + blobChunkBytes + 1_000);

export interface BlobAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The bytes, parsed, where they are JSON. */
  readonly body: unknown;
}

interface Sending {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: Uint8Array;
}

/** One call with a query, and raw bytes as its body and its answer. */
export async function callRaw(
  url: string,
  query: Readonly<Record<string, string | number>>,
  { headers = {}, method = 'GET', body }: Sending = {},
): Promise<BlobAnswer> {
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const answer = await fetch(`${url}?${search}`, { method, headers, ...(body && { body: Uint8Array.from(body) }) });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = answer.headers.get('content-type')?.endsWith('json') ?? false;
  const { status, headers: answered } = answer;
  return { status, headers: answered, bytes, body: isJson ? JSON.parse(bytes.toString()) : undefined };
}

/** What a test does with the blobs of one group, as one member unless told otherwise. */
export interface BlobsOf {
  readonly groupId: string;
  put(blob: SampleBlob, part: number, more?: PutOptions): Promise<BlobAnswer>;
  /** All parts, one after the other. @returns the last answer */
  upload(blob: SampleBlob): Promise<BlobAnswer>;
  status(blobId: string, member?: Member): Promise<BlobAnswer>;
  download(blobId: string, headers?: Readonly<Record<string, string>>, member?: Member): Promise<BlobAnswer>;
  remove(blobId: string, member?: Member): Promise<BlobAnswer>;
  /** As stored. */
  stored(blobId: string): Promise<Stored<StoredBlob> | undefined>;
}

interface PutOptions {
  readonly member?: Member;
  /** Instead of the part's own. */
  readonly bytes?: Uint8Array;
  readonly parts?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** In a group of this member's; a new one unless given. */
export async function blobsOf(stack: TestStack, owner: Member, inGroup?: string): Promise<BlobsOf> {
  const groupId = inGroup ?? (await newGroup(stack, owner));
  const as = ({ token }: Member) => ({ authorization: `Bearer ${token}` });
  const put: BlobsOf['put'] = (blob, part, { member = owner, bytes, parts, headers } = {}) =>
    callRaw(
      `${stack.url}/blob-upload`,
      { groupId, blobId: blob.blobId, part, parts: parts ?? blob.parts.length },
      { method: 'PUT', headers: { ...as(member), ...headers }, body: bytes ?? blob.parts[part] ?? Buffer.alloc(0) },
    );
  return {
    groupId,
    put,
    upload: async (blob) => {
      let last = await put(blob, 0);
      for (let part = 1; part < blob.parts.length; part += 1) last = await put(blob, part);
      return last;
    },
    status: (blobId, member = owner) =>
      callRaw(`${stack.url}/blob-status`, { groupId, blobId }, { headers: as(member) }),
    download: (blobId, headers = {}, member = owner) =>
      callRaw(`${stack.url}/blob-download`, { groupId, blobId }, { headers: { ...as(member), ...headers } }),
    remove: (blobId, member = owner) =>
      callRaw(
        `${stack.url}/blob-delete`,
        {},
        {
          method: 'POST',
          headers: { ...as(member), 'content-type': 'application/json' },
          body: Buffer.from(JSON.stringify({ groupId, blobId })),
        },
      ),
    stored: async (blobId) => (await stack.platform.database.get(blobs(groupId).doc(blobId)))[0],
  };
}

/** The paths of every chunk there is, of whichever blob and group. */
export async function everyChunk({ platform }: TestStack): Promise<string[]> {
  const chunks = collection<Chunk & { readonly none: string }>('chunks');
  const found = await platform.database.list({ collection: chunks, everywhere: true, where: [], fields: ['none'] });
  return found.map(({ ref }) => ref.path);
}
