import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { SrpEngine } from '../../../shared/crypto/srp/engine.ts';
import { type SrpGroup, srpGroups } from '../../../shared/crypto/srp/groups.ts';
import { toInteger } from '../../../shared/crypto/srp/integers.ts';
import { createDhObjectPower } from '../../../shared/crypto/srp/openssl/dh-object-power.ts';
import { OpensslEngine } from '../../../shared/crypto/srp/openssl/engine.ts';
import { importedKeyPower } from '../../../shared/crypto/srp/openssl/imported-key-power.ts';
import { webEngine } from '../../../shared/crypto/srp/web-engine.ts';

/** Right to left, one bit at a time: nothing in common with the engines but BigInt. */
function plainPower(base: bigint, exponent: bigint, { N }: SrpGroup): bigint {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength }).map(toInteger);

describe.each(Object.values(srpGroups))('exponentiation modulo the prime of $bytes bytes', (group) => {
  const { N } = group;
  const dhObject = createDhObjectPower(group);
  const edges = fc.constantFrom(2n, 3n, 5n, 127n, 128n, 255n, 256n, N - 2n, N >> 1n);
  const base = fc.oneof(
    edges,
    bytes(1, group.bytes).map((value) => (value % (N - 3n)) + 2n),
  );
  const exponent = fc.oneof(
    fc.constantFrom(1n, 2n, 127n, 128n, 255n, 256n),
    bytes(1, 72).map((value) => value + 1n),
  );

  it('is the same by BigInt, by imported keys and by a Diffie-Hellman object', () => {
    fc.assert(
      fc.property(base, exponent, (x, e) => {
        const expected = plainPower(x, e, group);
        expect(webEngine.modPow(x, e, group)).toBe(expected);
        expect(importedKeyPower(x, e, group)).toBe(expected);
        expect(dhObject(x, e, group)).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['before', new OpensslEngine(1_000_000)],
    ['after', new OpensslEngine(1)],
  ])(
    'is the same at the edges, %s the engine changes its route',
    async (_, engine) => {
      engine.modPow(3n, 5n, group);
      await new Promise((resolve) => setImmediate(resolve));
      for (const x of [0n, 1n, group.g, N - 2n, N - 1n, N, N + 1n, 2n * N + 7n]) {
        for (const e of [0n, 1n, 2n, 3n, (N >> 1n) - 1n, N >> 1n, N - 1n]) {
          expect(engine.modPow(x, e, group)).toBe(plainPower(x, e, group));
        }
      }
    },
    60_000,
  );
});

describe.each<[string, SrpEngine]>([
  ['WebCrypto and BigInt', webEngine],
  ['OpenSSL', new OpensslEngine()],
])('the rest of the engine on %s', (_, engine) => {
  it('hashes its parts one after another', async () => {
    const parts = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)];
    const expected = createHash('sha256')
      .update(Uint8Array.of(1, 2, 3))
      .digest('hex');
    expect(Buffer.from(await engine.sha256(...parts)).toString('hex')).toBe(expected);
  });

  it('draws as many random bytes as asked for, others each time', () => {
    expect(engine.randomBytes(72)).toHaveLength(72);
    expect(engine.randomBytes(32)).not.toEqual(engine.randomBytes(32));
  });

  it('compares contents and lengths', () => {
    expect(engine.equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(engine.equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(engine.equal(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
    expect(engine.equal(new Uint8Array(0), new Uint8Array(0))).toBe(true);
  });
});
