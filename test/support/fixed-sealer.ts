import { type Sealer, sealer } from '../../shared/platform/sealing.ts';

/** The real sealer, under keys that every process of a test has. */
export function fixedSealer(): Sealer {
  const secret = { version: '1', bytes: new Uint8Array(32).fill(7) };
  return sealer({ current: async () => secret, version: async () => secret });
}
