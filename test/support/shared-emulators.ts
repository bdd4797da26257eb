import type { Emulators } from '../../emulator/emulators.ts';

const key = Symbol.for('nightvault.test.emulators');

interface Shared {
  readonly emulators: Emulators;
  /** The folder of what they print. */
  readonly logs: string;
}

const holder = globalThis as { [key]?: Shared };

/** Jest loads its setup and its teardown apart from each other: only the global object is the same for both. */
export const sharedEmulators = {
  get: (): Shared | undefined => holder[key],
  set: (shared: Shared): void => {
    holder[key] = shared;
  },
};
