import { KeyMalformed } from './errors.ts';
import { decodeHex } from './hex.ts';
import { parseJson } from './json.ts';

/** An AES-256 key as a JSON Web Key (RFC 7518 §6.4), with exactly the members that existing clients write: 122 characters. */
export interface AesKeyJwk {
  readonly alg: 'A256GCM';
  readonly ext: true;
  /** 32 bytes, base64url without padding: 43 characters. */
  readonly k: string;
  readonly key_ops: ['encrypt', 'decrypt'];
  readonly kty: 'oct';
}

/** A key that opens messages: a JWK, or the 64 lower-case hex characters that key derivation gives. */
export type AesKey = AesKeyJwk | string;

/** A key of WebCrypto, by whichever types describe that: a browser's or Node's. */
type PlatformKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const keyBytes = 32;
const base64url256 = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** A fresh random AES-256 key. */
export async function createAesKey(): Promise<AesKeyJwk> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
  const { k } = await crypto.subtle.exportKey('jwk', key);
  return aesKeyFrom({ kty: 'oct', k });
}

/**
 * Reads an AES-256 key that some client wrote as JSON; members other than `kty` and `k` are set, not trusted.
 * @throws {KeyMalformed}
 */
export function parseAesKey(json: string): AesKeyJwk {
  return aesKeyFrom(parseJson(json));
}

const usages: ('encrypt' | 'decrypt')[] = ['encrypt', 'decrypt'];

/**
 * What a JWK was imported as, and its bytes at that time: a group's key encrypts and decrypts thousands of messages, and
 * importing it is a tenth of a small one's cost. Whoever changes the object gets the key that it is then.
 */
const imported = new WeakMap<AesKeyJwk, { readonly k: string; readonly key: PlatformKey }>();

/**
 * The key as WebCrypto wants it; not extractable.
 * @throws {KeyMalformed} when it is neither form of key
 */
export async function importAesKey(key: AesKey): Promise<PlatformKey> {
  if (typeof key === 'string') {
    return crypto.subtle.importKey('raw', decodeHex(key, keyBytes), 'AES-GCM', false, usages);
  }
  const { k, kty } = aesKeyFrom(key);
  const known = imported.get(key);
  if (known?.k === k) return known.key;
  const made = await crypto.subtle.importKey('jwk', { k, kty }, 'AES-GCM', false, usages);
  imported.set(key, { k, key: made });
  return made;
}

function aesKeyFrom(value: unknown): AesKeyJwk {
  if (typeof value === 'object' && value !== null && 'kty' in value && 'k' in value) {
    const { kty, k } = value;
    if (kty === 'oct' && typeof k === 'string' && base64url256.test(k)) {
      return { alg: 'A256GCM', ext: true, k, key_ops: ['encrypt', 'decrypt'], kty };
    }
  }
  throw new KeyMalformed('an AES-256 key (a JSON Web Key of kty "oct" with 32 bytes)');
}
