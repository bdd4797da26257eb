import { randomBytes } from 'node:crypto';
import { BlobTampered, Nightvault, Unreachable } from '../../../client/index.ts';
import { openChunkBytes } from '../../../shared/crypto/blob.ts';
import { sha256 } from '../../support/blobs.ts';
import { startHostileStack } from '../../support/hostile-stack.ts';
import { enter, jane } from '../../support/sdk.ts';

const { stack, proxy } = await startHostileStack();
await enter(stack, jane);
const direct = await Nightvault.connect(stack.url).logIn(jane);
const janes = await Nightvault.connect(proxy.url).logIn(jane);
const made = await direct.groups.create('Pictures');
const content = Uint8Array.from(randomBytes(3 * openChunkBytes + 7));
const reference = await made.blobs.upload(content);
const group = await janes.groups.open(made.id);

async function download(): Promise<{ readonly sha256: string; readonly progress: readonly number[] }> {
  const progress: number[] = [];
  const onProgress = ({ done }: { readonly done: number }) => void progress.push(done);
  const bytes = await new Response(await group.blobs.download(reference, { onProgress })).arrayBuffer();
  return { sha256: sha256(new Uint8Array(bytes)), progress };
}

const ranges = () => proxy.callsOf('blob-download').map(({ headers }) => headers.range);
const sealed = content.length + 4 * 16;

describe('a download that breaks off', () => {
  it('goes on where it was, however often, and comes to the same bytes', async () => {
    const cuts = [100_000, 1, openChunkBytes + 5];
    proxy.breakOff('blob-download', cuts);
    const { progress, ...whole } = await download();
    expect(whole).toEqual({ sha256: sha256(content) });
    expect(ranges()).toEqual([undefined, 'bytes=100000-', 'bytes=100001-', `bytes=${100_006 + openChunkBytes}-`]);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(sealed);
  });

  it('goes on where it was though something on the way knows no ranges', async () => {
    proxy.withhold('range', 'if-range');
    proxy.breakOff('blob-download', [100_000, 50_000, 100_001]);
    expect((await download()).sha256).toBe(sha256(content));
    expect(proxy.callsOf('blob-download')).toHaveLength(4);
  });

  it('is given up after four times without a byte more', async () => {
    proxy.breakOff('blob-download', [100_000, 0, 0, 0, 0]);
    await expect(download()).rejects.toMatchObject({ constructor: Unreachable, code: 'UNREACHABLE' });
    expect(proxy.callsOf('blob-download')).toHaveLength(4);
  });

  it('is not gone on with once a chunk is wrong', async () => {
    proxy.spoil('blob-download', (bytes) => bytes.with(10, (bytes[10] ?? 0) ^ 1));
    await expect(download()).rejects.toMatchObject({ constructor: BlobTampered, code: 'BLOB_TAMPERED' });
    expect(proxy.callsOf('blob-download')).toHaveLength(1);
  });
});
