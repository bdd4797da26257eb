import type { Child } from './child.ts';

/** Resolves once the emulator answers `GET /`. */
export async function answers(child: Child, host: string, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline) {
    if (child.outcome !== undefined) throw new Error(`ended early (${child.outcome})`);
    if (await responds(host, 2_000)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`did not answer within ${seconds} seconds`);
}

/** @param withinMs - long enough for one that is busy with somebody else's work */
export async function responds(host: string, withinMs = 10_000): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/`, { signal: AbortSignal.timeout(withinMs) })).ok;
  } catch {
    return false;
  }
}
