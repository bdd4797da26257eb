import type { Child } from './child.ts';

/** Resolves once the emulator answers `GET /`. */
export async function answers(child: Child, host: string, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (performance.now() < deadline) {
    if (child.outcome !== undefined) throw new Error(`ended early (${child.outcome})`);
    if (await responds(host)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`did not answer within ${seconds} seconds`);
}

export async function responds(host: string): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
