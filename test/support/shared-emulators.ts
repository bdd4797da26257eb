import type { Emulators } from '../../emulator/emulators.ts';

const key = Symbol.for('nightvault.test.emulators');
const holder = globalThis as { [key]?: Emulators };

/** Jest loads its setup and its teardown apart from each other: only the global object is the same for both. */
export const sharedEmulators = {
  get: (): Emulators | undefined => holder[key],
  set: (emulators: Emulators): void => {
    holder[key] = emulators;
  },
};
