import { sharedEmulators } from './shared-emulators.ts';

/** Jest's globalTeardown. */
export default async function stopSharedEmulators(): Promise<void> {
  await sharedEmulators.get()?.stop();
}
