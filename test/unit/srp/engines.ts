import { createHash } from 'node:crypto';
import type { SrpEngine } from '../../../shared/crypto/srp/engine.ts';

/** An engine that draws `secret`, padded with zeros, whenever `length` random bytes are wanted. */
export function withSecret(engine: SrpEngine, secret: Uint8Array, length: number): SrpEngine {
  const padded = new Uint8Array(length);
  padded.set(secret, length - secret.length);
  return {
    ...delegate(engine),
    randomBytes: (asked) => (asked === length ? padded.slice() : engine.randomBytes(asked)),
  };
}

/** An engine with another hash function in the place of SHA-256. */
export function withHash(engine: SrpEngine, hash: (input: Uint8Array) => Uint8Array): SrpEngine {
  return { ...delegate(engine), sha256: (...parts) => hash(Buffer.concat(parts)) };
}

/** SHA-1, for the test values of RFC 5054. */
export function sha1(input: Uint8Array): Uint8Array {
  return createHash('sha1').update(input).digest();
}

function delegate(engine: SrpEngine): SrpEngine {
  return {
    modPow: (base, exponent, group) => engine.modPow(base, exponent, group),
    sha256: (...parts) => engine.sha256(...parts),
    randomBytes: (length) => engine.randomBytes(length),
    equal: (a, b) => engine.equal(a, b),
  };
}
