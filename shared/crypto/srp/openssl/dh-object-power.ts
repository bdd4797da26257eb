import { createDiffieHellman } from 'node:crypto';
import type { SrpEngine } from '../engine.ts';
import type { SrpGroup } from '../groups.ts';
import { toBytes, toInteger } from '../integers.ts';

/** What is left in the object between two calls, in place of the last secret. */
const noSecret = Uint8Array.of(1);

/**
 * Makes a function for base^exponent mod N on one Diffie-Hellman object (`DH_compute_key`, constant time). Making it
 * runs two primality tests, 0.24 s at 2048 bits and 1.45 s at 3072.
 *
 * The object's own generator is 2 whatever the group's is: a base is given in every call. The returned function wants
 * a base in 2..N-2 and an exponent in 1..(N-3)/2: then no result is 1 or N-1, which OpenSSL refuses to give.
 */
export function createDhObjectPower(group: SrpGroup): SrpEngine['modPow'] {
  const dh = createDiffieHellman(toBytes(group.N, group.bytes), 2);
  return (base, exponent) => {
    const secret = toBytes(exponent, group.bytes);
    dh.setPrivateKey(secret);
    try {
      return toInteger(dh.computeSecret(toBytes(base, group.bytes)));
    } finally {
      dh.setPrivateKey(noSecret);
      secret.fill(0);
    }
  };
}
