import { measureBlobMemory } from '../../test/support/memory/blob-memory.ts';
import { startTestStack } from '../../test/support/stack.ts';
import type { Bench, BenchRun } from './bench.ts';
import { table } from './table.ts';

const mebibyte = 1024 ** 2;

/** Every process fresh; rows for parts sent one by one, and four at once. */
export const blobMemory: Bench = {
  about: 'the memory that a blob of 64 MiB adds to the functions that carry it',
  run: ({ print, short }) => (short ? measure(print, mebibyte * 8, [1]) : measure(print, mebibyte * 64, [1, 1, 4])),
};

/** @param rounds parts sent at once, a row of phases each */
async function measure(print: BenchRun['print'], size: number, rounds: readonly number[]): Promise<void> {
  const stack = await startTestStack();
  try {
    const rows: string[][] = [];
    for (const atOnce of rounds) {
      for (const { phase, warm, peak } of await measureBlobMemory(stack, size, atOnce)) {
        rows.push([
          `${phase}, ${atOnce} at once`,
          ...[warm, peak, peak - warm].map((mebibytes) => mebibytes.toFixed(1)),
        ]);
      }
    }
    print(`\nMemory in MiB, a blob of ${size / mebibyte} MiB, every process fresh\n`);
    print(table(['', 'warm', 'peak', 'more'], rows));
  } finally {
    await stack.stop();
  }
}
