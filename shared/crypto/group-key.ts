import { type AesKeyJwk, parseAesKey } from './aes-key.ts';
import { KeyUnwrapFailed } from './errors.ts';
import { decodeHex, encodeHex } from './hex.ts';
import { type PrivateKeyJwk, type PublicKeyJwk, rsaBytes, rsaOaep } from './rsa-key.ts';

const text = new TextEncoder();
const utf8 = new TextDecoder();

/**
 * What RSA encrypts of a group key (`SYM_ResourceGroup`): its JWK, URI-encoded. That is exactly 190 bytes, all that
 * OAEP with SHA-256 leaves of 256; not one more character would fit.
 */
export function groupKeyText(key: AesKeyJwk): string {
  const { alg, ext, k, key_ops, kty } = key;
  return encodeURIComponent(JSON.stringify({ alg, ext, k, key_ops, kty }));
}

/**
 * Wraps a group key for one account (`SYM_Link`, a link's `encSymmetricKey`).
 * @param recipient a public key whose fingerprint the caller has checked
 * @returns 512 lower-case hex characters, different at every call
 */
export async function wrapGroupKey(key: AesKeyJwk, recipient: PublicKeyJwk): Promise<string> {
  const jwk = { ...recipient, key_ops: ['encrypt'] };
  const publicKey = await crypto.subtle.importKey('jwk', jwk, rsaOaep, false, ['encrypt']);
  const wrapped = await crypto.subtle.encrypt(rsaOaep, publicKey, text.encode(groupKeyText(key)));
  return encodeHex(new Uint8Array(wrapped));
}

/**
 * Opens a link's `encSymmetricKey`.
 * @param wrapped 512 lower-case hex characters
 * @throws {HexInvalid} on another form
 * @throws {KeyUnwrapFailed} when it was wrapped for another key or changed
 * @throws {KeyMalformed} when what was wrapped is no AES-256 key
 */
export async function unwrapGroupKey(wrapped: string, privateKey: PrivateKeyJwk): Promise<AesKeyJwk> {
  const bytes = decodeHex(wrapped, rsaBytes);
  return parseAesKey(await unwrapText(bytes, privateKey));
}

async function unwrapText(bytes: Uint8Array<ArrayBuffer>, privateKey: PrivateKeyJwk): Promise<string> {
  const jwk = { ...privateKey, key_ops: ['decrypt'] };
  const key = await crypto.subtle.importKey('jwk', jwk, rsaOaep, false, ['decrypt']);
  try {
    return decodeURIComponent(utf8.decode(await crypto.subtle.decrypt(rsaOaep, key, bytes)));
  } catch {
    throw new KeyUnwrapFailed();
  }
}
