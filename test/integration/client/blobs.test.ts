import { randomBytes } from 'node:crypto';
import { type Account, type BlobReference, CallFailed, type Group, SourceChanged } from '../../../client/index.ts';
import { mostSealedIn, openChunkBytes } from '../../../shared/crypto/blob.ts';
import { limits } from '../../../shared/protocol/limits.ts';
import { sha256 } from '../../support/blobs.ts';
import { bob, enter, jane } from '../../support/sdk.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let janes: Account;
let group: Group;
beforeAll(async () => {
  stack = await startTestStack();
  janes = await enter(stack, jane);
  group = await janes.groups.create('Pictures');
});
afterAll(() => stack.stop());

const bytesOf = (size: number) => Uint8Array.from(randomBytes(size));
const calls = (from: number, name: string) =>
  stack.logs.slice(from).filter((line) => line.message.includes(name)).length;

/** Downloads, and compares by hash: Jest would take a minute for so many bytes. */
async function expectContent(from: Group, reference: BlobReference, content: Uint8Array): Promise<void> {
  const read = await new Response(await from.blobs.download(reference)).arrayBuffer();
  expect(sha256(new Uint8Array(read))).toBe(sha256(content));
}

describe('a blob', () => {
  it.each([0, 1, openChunkBytes, openChunkBytes + 1])('of %i bytes comes back as it went', async (size) => {
    const content = bytesOf(size);
    const reference = await group.blobs.upload(content);
    expect(reference).toMatchObject({ size, keyEpoch: 1, blobId: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await expectContent(group, reference, content);
  });

  it('of two parts tells how far it is, and is stored as ciphertext only', async () => {
    const content = new Uint8Array(limits.blobPartBytes + 70_000).fill(7);
    const seen: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number | undefined }) =>
      void seen.push(done / (total ?? 0));
    const reference = await group.blobs.upload(() => new Blob([content]).stream(), { onProgress });
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(1);
    expect(seen).toHaveLength(3);
    const { status, text } = await stack.call('blob-download', {
      query: { groupId: group.id, blobId: reference.blobId },
      token: janes.save().token,
      headers: { range: 'bytes=0-99999' },
    });
    expect(status).toBe(206);
    expect(text).not.toContain('\u0007'.repeat(20));
    await expectContent(group, reference, content);
  });

  it('that is there is not sent again, in whichever run', async () => {
    const content = bytesOf(1000);
    const reference = await group.blobs.upload(content);
    const before = stack.logs.length;
    const again = await janes.groups.resume(group.save()).blobs.upload(new Blob([content]));
    expect(again).toEqual(reference);
    expect(calls(before, 'blob-upload')).toBe(0);
  });

  it('goes on with the parts that are missing when it is uploaded again', async () => {
    const content = bytesOf(limits.blobPartBytes + 100);
    const stop = new AbortController();
    const cut = group.blobs.upload(content, {
      signal: stop.signal,
      onProgress: ({ done }) => done > 0 && stop.abort(new Error('the lid was closed')),
    });
    await expect(cut).rejects.toThrow('the lid was closed');
    const sizes: number[] = [];
    const reference = await group.blobs.upload(content, { onProgress: ({ done }) => void sizes.push(done) });
    expect(sizes[0]).toBeGreaterThanOrEqual(100);
    expect(await group.blobs.status(reference.blobId)).toMatchObject({ state: 'ready', references: 0 });
    await expectContent(group, reference, content);
  });

  it('that changes while it is read is not sent', async () => {
    const before = stack.logs.length;
    const source = () => new Blob([bytesOf(limits.blobPartBytes + 1)]).stream();
    await expect(group.blobs.upload(source)).rejects.toMatchObject({
      constructor: SourceChanged,
      code: 'SOURCE_CHANGED',
      message: 'The source was changed while it was being uploaded. Upload it again.',
    });
    expect(calls(before, 'blob-upload')).toBe(0);
  });

  it('too large for the server is refused before anything is sent', async () => {
    async function* endless() {
      const piece = new Uint8Array(16 * 1024 * 1024);
      for (;;) yield piece;
    }
    await expect(group.blobs.upload(endless)).rejects.toMatchObject({
      code: 'BLOB_TOO_LARGE',
      message: expect.stringContaining(`a blob may have ${mostSealedIn(limits.blobPartBytes * limits.blobParts)}`),
    });
  });

  it('is read by members, after a rotation too, and kept by the content that names it', async () => {
    const content = bytesOf(500);
    const reference = await group.blobs.upload(content);
    const draft = {
      id: 'pic_1',
      type: 'Picture',
      name: 'A lantern',
      content: JSON.stringify(reference),
      baseVersion: null,
      lastEdited: 1,
      blobIds: [reference.blobId],
    };
    expect(await group.changes.push([draft])).toMatchObject([{ status: 'created' }]);
    await expect(group.blobs.delete(reference.blobId)).rejects.toMatchObject({
      constructor: CallFailed,
      code: 'BLOB_IN_USE',
    });
    await group.rotateKey();
    const bobs = await enter(stack, bob);
    await group.share(bob.email, 'viewer');
    const bobsGroup = await bobs.groups.open(group.id);
    for await (const { id, content: text } of bobsGroup.changes.pull()) {
      if (id === 'pic_1') await expectContent(bobsGroup, JSON.parse(text), content);
    }
  });
});
