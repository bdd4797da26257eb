import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostVariables, startEmulators } from '../../emulator/emulators.ts';
import { emulatorNames } from '../../emulator/jars.ts';
import { sharedEmulators } from './shared-emulators.ts';

/** Jest's globalSetup: one pair of emulators for the whole run. Its workers inherit the environment. */
export default async function startSharedEmulators(): Promise<void> {
  const logs = mkdtempSync(join(tmpdir(), 'nightvault-test-'));
  const emulators = await startEmulators(logs);
  for (const name of emulatorNames) process.env[hostVariables[name]] = emulators.hosts[name];
  // Google's clients would look for a metadata server first.
  process.env.METADATA_SERVER_DETECTION = 'none';
  sharedEmulators.set({ emulators, logs });
}
