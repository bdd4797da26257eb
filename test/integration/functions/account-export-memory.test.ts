import { randomBytes } from 'node:crypto';
import { limits } from '../../../shared/protocol/limits.ts';
import { blobsOf, sampleBlob } from '../../support/blobs.ts';
import { startFunction } from '../../support/memory/function-process.ts';
import { type Member, newMember } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { change, write } from '../../support/sync.ts';

/** MiB: a page of the largest resources, as read and as written, and what is collected late. */
const most = 96;

let stack: TestStack;
let jane: Member;
beforeAll(async () => {
  stack = await startTestStack();
  jane = await newMember(stack);
});
afterAll(() => stack.stop());

/** Reads the whole answer without keeping it. @returns its bytes, and its end */
async function readThrough(url: string) {
  const response = await fetch(`${url}/account-export`, { headers: { authorization: `Bearer ${jane.token}` } });
  let bytes = 0;
  let end = '';
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    end = (end + Buffer.from(piece.subarray(-64)).toString()).slice(-64);
  }
  return { status: response.status, mebibytes: bytes / 1024 ** 2, end };
}

describe('the export of a blob of 64 MiB and 56 MiB of resources', () => {
  it(`takes less than ${most} MiB of memory beside what the function has anyway`, async () => {
    const exporter = await startFunction(stack, 'account-export');
    try {
      const small = await readThrough(exporter.url);
      expect(small.status).toBe(200);
      const warm = exporter.resident();
      const place = await blobsOf(stack, jane);
      await place.upload(sampleBlob(64 * 1024 ** 2));
      const d = randomBytes((limits.inlineContentBytes - 1_000) / 2).toString('hex');
      const encContent = JSON.stringify({ iv: '00', t: '00', d, ad: '' });
      // Each is stored twice: as what stands, and as a version.
      for (let n = 0; n < 40; n += 1) await write(stack, jane, place.groupId, change(`req_${n}`, { encContent }));
      let large: Awaited<ReturnType<typeof readThrough>> | undefined;
      const peak = await exporter.peakDuring(async () => {
        large = await readThrough(exporter.url);
      });
      expect(large?.mebibytes).toBeGreaterThan((64 * 4) / 3 + 50);
      expect(large?.end).toMatch(/"complete":true}\n$/);
      expect({ enough: peak - warm < most, warm, peak }).toEqual({ enough: true, warm, peak });
    } finally {
      await exporter.stop();
    }
  }, 600_000);
});
