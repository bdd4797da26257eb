import { KeyMalformed } from './errors.ts';
import { parseJson } from './json.ts';

/** RSA-OAEP with SHA-256 for hash and mask (RFC 8017 §7.1), 2048 bits, e = 65537. */
export const rsaOaep = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;

/** Length of the modulus and of every RSA ciphertext. */
export const rsaBytes = 256;

/** An account's public key as a JSON Web Key (RFC 7518 §6.3): 427 characters of JSON. */
export interface PublicKeyJwk {
  readonly alg: 'RSA-OAEP-256';
  readonly e: 'AQAB';
  readonly ext: true;
  readonly key_ops: ['encrypt'];
  readonly kty: 'RSA';
  /** The 2048-bit modulus, base64url: 342 characters. */
  readonly n: string;
}

/** An account's private key as a JSON Web Key, with all the members of RFC 7518 §6.3.2. */
export interface PrivateKeyJwk {
  readonly alg: 'RSA-OAEP-256';
  readonly d: string;
  readonly dp: string;
  readonly dq: string;
  readonly e: 'AQAB';
  readonly ext: true;
  readonly key_ops: ['decrypt'];
  readonly kty: 'RSA';
  readonly n: string;
  readonly p: string;
  readonly q: string;
  readonly qi: string;
}

const base64url = /^[A-Za-z0-9_-]+$/;
/** 2048 bits with the top bit set, so nobody can hand out a shorter modulus padded with zeros. */
const modulus = /^[g-z0-9_-][A-Za-z0-9_-]{340}[AQgw]$/;

/**
 * Reads a public key from the JSON string of the wire. Some clients leave `ext` out, so only what matters is demanded.
 * @throws {KeyMalformed} when it is not a 2048-bit RSA-OAEP-SHA-256 key that may encrypt
 */
export function parsePublicKey(json: string): PublicKeyJwk {
  const value = parseJson(json);
  if (typeof value === 'object' && value !== null && 'kty' in value && 'n' in value && 'e' in value && 'alg' in value) {
    const { kty, n, e, alg } = value;
    if (kty === 'RSA' && alg === 'RSA-OAEP-256' && e === 'AQAB' && typeof n === 'string' && modulus.test(n)) {
      return { alg, e, ext: true, key_ops: ['encrypt'], kty, n };
    }
  }
  throw new KeyMalformed('an RSA-OAEP-256 public key of 2048 bits as a JSON Web Key');
}

/**
 * Reads a private key from decrypted JSON.
 * @throws {KeyMalformed} when it is not a 2048-bit RSA-OAEP-SHA-256 key with all its members
 */
export function parsePrivateKey(json: string): PrivateKeyJwk {
  const { alg, e, ext, kty, n } = parsePublicKey(json);
  const value: unknown = JSON.parse(json);
  const part = (name: string): string => {
    const found = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    if (typeof found === 'string' && base64url.test(found)) return found;
    throw new KeyMalformed('an RSA private key with the members d, p, q, dp, dq and qi');
  };
  const factors = { p: part('p'), q: part('q'), dp: part('dp'), dq: part('dq'), qi: part('qi') };
  return { alg, e, ext, key_ops: ['decrypt'], kty, n, d: part('d'), ...factors };
}
