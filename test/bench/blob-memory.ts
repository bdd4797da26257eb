import { measureBlobMemory } from '../support/memory/blob-memory.ts';
import { startTestStack } from '../support/stack.ts';
import { table } from './table.ts';

/** `npm run bench:blob-memory`: what a blob of 64 MiB adds to the memory of the functions that carry it. */
const size = 64 * 1024 ** 2;
/** Parts sent at once, a row of phases each. */
const rounds = [1, 1, 4];

const stack = await startTestStack();
try {
  const rows: string[][] = [];
  for (const atOnce of rounds) {
    for (const { phase, warm, peak } of await measureBlobMemory(stack, size, atOnce)) {
      rows.push([`${phase}, ${atOnce} at once`, ...[warm, peak, peak - warm].map((mebibytes) => mebibytes.toFixed(1))]);
    }
  }
  process.stdout.write(`\nMemory in MiB, a blob of ${size / 1024 ** 2} MiB, every process fresh\n\n`);
  process.stdout.write(`${table(['', 'warm', 'peak', 'more'], rows)}\n`);
} finally {
  await stack.stop();
}
