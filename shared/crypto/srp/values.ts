import type { SrpGroup } from './groups.ts';
import { toBytes, toInteger } from './integers.ts';

/** Bytes that {@link verifierFromSeed} wants beyond the length of N, so that its result is even to within 2^-128. */
export const seedSlackBytes = 16;

/** Whether bytes are a public value A or B: exactly as long as N, and in 1..N-1. */
export function isValidPublicValue(group: SrpGroup, bytes: Uint8Array): boolean {
  if (bytes.length !== group.bytes) return false;
  const value = toInteger(bytes);
  return value > 0n && value < group.N;
}

/**
 * Whether bytes may be stored as a verifier: exactly as long as N, and in 2..N-2. With 0, 1 or N-1 anybody could log in.
 */
export function isValidVerifier(group: SrpGroup, bytes: Uint8Array): boolean {
  if (bytes.length !== group.bytes) return false;
  const value = toInteger(bytes);
  return value > 1n && value < group.N - 1n;
}

/**
 * The verifier of an account that does not exist: a valid one that nobody knows a passphrase for.
 * @param seed pseudo-random bytes, {@link seedSlackBytes} longer than N; one seed gives one verifier
 */
export function verifierFromSeed(group: SrpGroup, seed: Uint8Array): Uint8Array<ArrayBuffer> {
  if (seed.length !== group.bytes + seedSlackBytes) {
    throw new RangeError(`The seed of a verifier has ${group.bytes + seedSlackBytes} bytes, not ${seed.length}.`);
  }
  return toBytes((toInteger(seed) % (group.N - 3n)) + 2n, group.bytes);
}
