import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes outside V8's heap that may pile up before they are collected. */
const most = 12 * 1024 ** 2;

let collect: (() => void) | undefined;
let kept = Number.POSITIVE_INFINITY;

/**
 * Called once a chunk, keeps the memory of a stream near what it really holds. Every chunk goes through several buffers
 * of gRPC's, which nobody can use again or hand back; they lie outside V8's heap, and V8 lets 64 MiB of them pile up
 * before it looks. A collection takes some tens of milliseconds, once in some megabytes.
 */
export function collectBuffers(): void {
  const external = getHeapStatistics().external_memory;
  kept = Math.min(kept, external);
  if (external - kept < most) return;
  collect ??= exposeCollector();
  collect();
  kept = getHeapStatistics().external_memory;
}

/** V8 has a collector to call in the contexts made after it is told so; Node has no other way to it. */
function exposeCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
