import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SrpEngine } from '../engine.ts';
import type { SrpGroup } from '../groups.ts';
import { createDhObjectPower } from './dh-object-power.ts';
import { importedKeyPower } from './imported-key-power.ts';

/** How a group is computed at the moment. */
interface Route {
  power: SrpEngine['modPow'];
  /** Exponentiations until the process has proved long-lived; infinite once there is nothing left to gain. */
  patience: number;
}

/**
 * Set-up of a Diffie-Hellman object over what one call on it saves, 0.24 s / 0.05 ms: from here on a process that
 * goes on as it did is better off with the object, and one that ends now has lost least.
 */
const defaultPatience = 5_000;

/** SRP's arithmetic on OpenSSL, through node:crypto's documented interface. Exponentiation is in constant time. */
export class OpensslEngine implements SrpEngine {
  readonly #routes = new Map<SrpGroup, Route>();
  readonly #patience: number;

  /** @param patience exponentiations in one group before the process pays for the faster route */
  constructor(patience = defaultPatience) {
    this.#patience = patience;
  }

  modPow(base: bigint, exponent: bigint, group: SrpGroup): bigint {
    const { N } = group;
    const residue = base < N ? base : base % N;
    if (exponent === 0n) return 1n;
    if (residue <= 1n) return residue;
    if (residue === N - 1n) return exponent % 2n === 0n ? 1n : residue;
    if (exponent >= N >> 1n) return importedKeyPower(residue, exponent, group);

    const route = this.#routeFor(group);
    route.patience -= 1;
    if (route.patience === 0) {
      setImmediate(() => {
        this.#routes.set(group, { power: createDhObjectPower(group), patience: Number.POSITIVE_INFINITY });
      });
    }
    return route.power(residue, exponent, group);
  }

  sha256(...parts: Uint8Array[]): Uint8Array {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  }

  randomBytes(length: number): Uint8Array {
    return randomBytes(length);
  }

  equal(a: Uint8Array, b: Uint8Array): boolean {
    return a.length === b.length && timingSafeEqual(a, b);
  }

  #routeFor(group: SrpGroup): Route {
    const known = this.#routes.get(group);
    if (known !== undefined) return known;
    const route = { power: importedKeyPower, patience: this.#patience };
    this.#routes.set(group, route);
    return route;
  }
}

/**
 * The engine of servers, and of clients in Node.
 *
 * Milliseconds per exponentiation with 256 bits, 2048-bit group, Node 24.21 (OpenSSL 3.5), p10; "set-up" blocks:
 *
 * | way | set-up | each | |
 * |---|---|---|---|
 * | Diffie-Hellman object | 237 | 0.32 | chosen for long-lived processes |
 * | PKCS #8 import, public value out | 0 | 0.35 | chosen until then |
 * | PKCS #8 + SPKI + `diffieHellman` | 0 | 0.64 | two exponentiations |
 * | Diffie-Hellman object modulo 3cN, 2560 bits | 0.05 | 0.46 | a composite fails the primality test at once |
 * | RSA without padding, the exponent as e | 0 | 0.29 | time depends on the exponent |
 * | BigInt, 5-bit window | 0 | 1.7 | time depends on everything |
 *
 * At 3072 bits the object's set-up is 1,450: OpenSSL 3.5 tests a prime of RFC 3526 as any other when Node makes the object.
 *
 * A Diffie-Hellman object cannot be made in a worker thread and moved here, and giving q with the parameters makes
 * OpenSSL check every base with an exponentiation of full length.
 */
export const opensslEngine: SrpEngine = new OpensslEngine();
