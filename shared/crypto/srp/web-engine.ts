import type { SrpEngine } from './engine.ts';
import type { SrpGroup } from './groups.ts';

const windowBits = 5;
const radix = 1 << windowBits;

/**
 * The engine for browsers, workers and any other place with WebCrypto. Modular exponentiation is on BigInt, whose
 * operations take a time that depends on their operands; callers mask the exponents that live longer than one login.
 */
export const webEngine: SrpEngine = {
  modPow,

  async sha256(...parts) {
    const input = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      input.set(part, at);
      at += part.length;
    }
    return new Uint8Array(await crypto.subtle.digest('SHA-256', input));
  },

  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),

  equal(a, b) {
    if (a.length !== b.length) return false;
    let difference = 0;
    for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
    return difference === 0;
  },
};

/** Five bits of the exponent at a time; a window of zeros multiplies too, so the pattern of operations is always one. */
function modPow(base: bigint, exponent: bigint, { N }: SrpGroup): bigint {
  const powers = [1n];
  let power = 1n;
  for (let index = 1; index < radix; index++) {
    power = (power * base) % N;
    powers.push(power);
  }
  let result = 1n;
  for (const digit of exponent.toString(radix)) {
    for (let square = 0; square < windowBits; square++) result = (result * result) % N;
    result = (result * (powers[Number.parseInt(digit, radix)] ?? 1n)) % N;
  }
  return result;
}
