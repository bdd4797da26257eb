import type { SrpGroup } from './groups.ts';

/** The arithmetic under SRP: one implementation for browsers, one on OpenSSL. Both give equal results. */
export interface SrpEngine {
  /** base^exponent mod N. The base may be any integer from 0, the exponent any integer from 0. */
  modPow(base: bigint, exponent: bigint, group: SrpGroup): bigint;
  /** SHA-256 (FIPS 180-4) of the parts, one after another. */
  sha256(...parts: Uint8Array[]): Uint8Array | Promise<Uint8Array>;
  /** Cryptographically random bytes. */
  randomBytes(length: number): Uint8Array;
  /** Whether both hold the same bytes, in a time that depends on the lengths only. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
}
