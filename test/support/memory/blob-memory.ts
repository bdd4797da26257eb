import { callRaw, type SampleBlob, sampleBlob, sha256 } from '../blobs.ts';
import { newGroup, newMember } from '../people.ts';
import type { TestStack } from '../stack.ts';
import { type FunctionProcess, startFunction } from './function-process.ts';

/** One phase: what the process had in use when warm, and the most while it went on. MiB. */
export interface Measured {
  readonly phase: string;
  readonly warm: number;
  readonly peak: number;
}

const mebibyte = 1024 ** 2;

/**
 * What a large blob adds to the memory of the functions that carry it, each in a process of its own, warmed up with
 * 1 MiB. The bytes that come back are compared with those sent.
 * @param atOnce - parts that are sent at once
 */
export async function measureBlobMemory(stack: TestStack, size: number, atOnce: number): Promise<Measured[]> {
  const jane = await newMember(stack);
  const groupId = await newGroup(stack, jane);
  const headers = { authorization: `Bearer ${jane.token}` };
  const [uploader, downloader] = await Promise.all([
    startFunction(stack, 'blob-upload'),
    startFunction(stack, 'blob-download'),
  ]);
  try {
    const put = async ({ blobId, parts }: SampleBlob, part: number) => {
      const query = { groupId, blobId, part, parts: parts.length };
      const body = parts[part] ?? Buffer.alloc(0);
      const answer = await callRaw(uploader.url, query, { method: 'PUT', headers, body });
      if (answer.status !== 200) throw new Error(`blob-upload answered ${answer.status}: ${answer.bytes}`);
    };
    const putFrom = async (blob: SampleBlob, first: number, end: number) => {
      for (let part = first; part < end; part += atOnce) {
        const some = Array.from({ length: Math.min(atOnce, end - part) }, (_, index) => part + index);
        await Promise.all(some.map((each) => put(blob, each)));
      }
    };
    const get = async ({ blobId }: SampleBlob) => {
      const { status, bytes } = await callRaw(downloader.url, { groupId, blobId }, { headers });
      if (status !== 200 || sha256(bytes) !== blobId) throw new Error(`blob-download answered ${status}, other bytes`);
    };
    const small = sampleBlob(mebibyte);
    await putFrom(small, 0, 1);
    await get(small);
    const warm = { uploader: uploader.resident(), downloader: downloader.resident() };

    const large = sampleBlob(size);
    const last = large.parts.length - 1;
    const phase = async (name: string, process: FunctionProcess, before: number, run: () => Promise<unknown>) => ({
      phase: name,
      warm: before,
      peak: await process.peakDuring(run),
    });
    return [
      await phase('upload', uploader, warm.uploader, () => putFrom(large, 0, last)),
      await phase('last part and verification', uploader, warm.uploader, () => put(large, last)),
      await phase('download', downloader, warm.downloader, () => get(large)),
    ];
  } finally {
    await Promise.all([uploader.stop(), downloader.stop()]);
  }
}
