import { rmSync } from 'node:fs';
import { sharedEmulators } from './shared-emulators.ts';

/** Jest's globalTeardown. */
export default async function stopSharedEmulators(): Promise<void> {
  const shared = sharedEmulators.get();
  if (shared === undefined) return;
  await shared.emulators.stop();
  rmSync(shared.logs, { recursive: true, force: true });
}
