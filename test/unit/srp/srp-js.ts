import './no-navigator.ts';

import { srpGroups } from '../../../shared/crypto/srp/groups.ts';
import { opensslEngine } from '../../../shared/crypto/srp/openssl/engine.ts';
import type { Peer } from './peers.ts';

// Jest evaluates what an ES module imports of CommonJS before the module's other imports.
const { default: srp } = await import('srp-js');

/** npm srp-js as a peer. */
export function srpJs(bits: 2048 | 3072): Peer {
  const parameters = srp.params[bits];
  return {
    verifier: (salt, identity, password) => srp.computeVerifier(parameters, salt, identity, password),
    client: (salt, identity, password, secret) => new srp.Client(parameters, salt, identity, password, secret),
    server(verifier, secret) {
      const server = new srp.Server(parameters, verifier, secret);
      return {
        computeB: () => server.computeB(),
        setA: (A) => server.setA(A),
        proveTo: (M1) => server.checkM1(M1),
        computeK: () => server.computeK(),
      };
    },
  };
}

/**
 * Puts OpenSSL under srp-js's exponentiation, which otherwise takes nine tenths of a handshake. Its formulas, its
 * padding and its hashing stay its own. For 2048 bits, to the end of the test file.
 */
export function lendArithmetic(): void {
  const prototype = Object.getPrototypeOf(srp.params[2048].N);
  const fromHex: (hex: string) => unknown = (hex) => new prototype.constructor(hex, 16);
  const integer = (value: { toString(radix: number): string }) => {
    const text = value.toString(16);
    return text.startsWith('-') ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
  };
  prototype.powm = function powm(this: { toString(): string }, exponent: { toString(): string }) {
    const group = srpGroups[2048];
    const base = ((integer(this) % group.N) + group.N) % group.N;
    return fromHex(opensslEngine.modPow(base, integer(exponent), group).toString(16));
  };
}
