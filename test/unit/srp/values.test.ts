import fc from 'fast-check';
import { srpGroups } from '../../../shared/crypto/srp/groups.ts';
import { toBytes, toInteger } from '../../../shared/crypto/srp/integers.ts';
import {
  isValidPublicValue,
  isValidVerifier,
  seedSlackBytes,
  verifierFromSeed,
} from '../../../shared/crypto/srp/values.ts';

describe.each(Object.values(srpGroups))('values of the group with $bytes bytes', (group) => {
  const { N, bytes } = group;
  const value = (integer: bigint) => toBytes(integer, bytes);

  it('accepts verifiers in 2..N-2 only', () => {
    expect([0n, 1n, N - 1n, N, N + 1n].map((v) => isValidVerifier(group, value(v)))).toEqual(Array(5).fill(false));
    expect([2n, N >> 1n, N - 2n].map((v) => isValidVerifier(group, value(v)))).toEqual(Array(3).fill(true));
  });

  it('accepts public values in 1..N-1 only', () => {
    expect([0n, N, N + 1n].map((v) => isValidPublicValue(group, value(v)))).toEqual(Array(3).fill(false));
    expect([1n, N >> 1n, N - 1n].map((v) => isValidPublicValue(group, value(v)))).toEqual(Array(3).fill(true));
  });

  it('accepts the exact length only', () => {
    for (const length of [0, 1, bytes - 1, bytes + 1]) {
      expect(isValidVerifier(group, toBytes(length === 0 ? 0n : 5n, length))).toBe(false);
      expect(isValidPublicValue(group, toBytes(length === 0 ? 0n : 5n, length))).toBe(false);
    }
  });

  it('makes a valid verifier from any seed, always the same', () => {
    const length = bytes + seedSlackBytes;
    const seeds = fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(seeds, (seed) => {
        const verifier = verifierFromSeed(group, seed);
        expect(isValidVerifier(group, verifier)).toBe(true);
        expect(verifierFromSeed(group, seed)).toEqual(verifier);
      }),
    );
  });

  it('keeps off the edges', () => {
    const length = bytes + seedSlackBytes;
    const seedOf = (integer: bigint) => toInteger(verifierFromSeed(group, toBytes(integer, length)));
    expect([0n, N - 4n, N - 3n, N - 2n].map(seedOf)).toEqual([2n, N - 2n, 2n, 3n]);
  });

  it('refuses a seed of another length', () => {
    expect(() => verifierFromSeed(group, new Uint8Array(bytes))).toThrow(
      new RangeError(`The seed of a verifier has ${bytes + 16} bytes, not ${bytes}.`),
    );
  });
});

describe('integers and bytes', () => {
  it('are inverse to each other at every length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(toBytes(toInteger(bytes), bytes.length)).toEqual(bytes);
        expect(toInteger(bytes)).toBe(BigInt(`0x0${Buffer.from(bytes).toString('hex')}`));
      }),
    );
  });

  it('read a view into a larger buffer', () => {
    expect(toInteger(Uint8Array.of(9, 9, 1, 2, 9).subarray(2, 4))).toBe(0x0102n);
  });

  it('refuse an integer that does not fit', () => {
    for (const [integer, length] of [
      [1n, 0],
      [256n, 1],
      [1n << 64n, 8],
      [1n << 72n, 9],
      [-1n, 8],
    ] as const) {
      expect(() => toBytes(integer, length)).toThrow(new RangeError(`The integer has more than ${length} bytes.`));
    }
  });
});
