import { measureBlobMemory } from '../../support/memory/blob-memory.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

/** MiB. `npm run bench blob-memory` prints what it is. */
const most = 32;

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

describe('a blob of 64 MiB', () => {
  it(`adds less than ${most} MiB to the memory of the functions that carry it`, async () => {
    const phases = await measureBlobMemory(stack, 64 * 1024 ** 2, 1);
    expect(phases.map(({ phase }) => phase)).toEqual(['upload', 'last part and verification', 'download']);
    for (const { phase, warm, peak } of phases) {
      expect(peak).toBeGreaterThan(0);
      expect({ phase, enough: peak - warm < most, warm, peak }).toEqual({ phase, enough: true, warm, peak });
    }
  }, 120_000);
});
