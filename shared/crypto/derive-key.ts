import { kdfFloor } from '../protocol/profiles.ts';
import { KdfBelowFloor, TextNotWellFormed } from './errors.ts';
import { decodeHex, encodeHex } from './hex.ts';
import { normaliseEmail, normalisePassphrase } from './normalise.ts';

/** Length of every account salt in bytes; on the wire 64 hex characters. */
export const saltBytes = 32;

const keyBits = 256;
const text = new TextEncoder();

/** A fresh salt: 32 random bytes as 64 hex characters. */
export function createSalt(): string {
  return encodeHex(crypto.getRandomValues(new Uint8Array(saltBytes)));
}

/**
 * One of the two secrets made from a passphrase: `SEC_PWD_Auth` with the salt `saltKey`, `SEC_PWD_Enc` with `saltEnc`.
 * PBKDF2-HMAC-SHA-256 (RFC 8018) over the passphrase, salted with {@link bindSalt}.
 * Both texts are normalised here, so callers pass what the person typed.
 * @param saltHex 64 lower-case hex characters
 * @param iterations from the account's profile
 * @returns 64 lower-case hex characters
 * @throws {KdfBelowFloor} when a server's parameters are weaker than the floor
 * @throws {HexInvalid} on a salt of another form
 * @throws {TextNotWellFormed} on a passphrase or an address with an unpaired surrogate
 */
export async function deriveKey(
  passphrase: string,
  email: string,
  saltHex: string,
  iterations: number,
): Promise<string> {
  if (!(iterations >= kdfFloor.iterations)) throw new KdfBelowFloor(iterations, kdfFloor.iterations);
  if (!passphrase.isWellFormed()) throw new TextNotWellFormed();
  const salt = await bindSalt(saltHex, email);
  const secret = text.encode(normalisePassphrase(passphrase));
  const key = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, keyBits);
  return encodeHex(new Uint8Array(bits));
}

/**
 * Ties a salt to an address: HKDF-SHA-256 (RFC 5869) with the address as input key and no info, 32 bytes.
 * The HKDF salt is the hex *text* (64 ASCII bytes), not the 32 bytes it spells: that is what existing clients do.
 * @throws {HexInvalid} on a salt that is not 64 lower-case hex characters
 * @throws {TextNotWellFormed} on an address with an unpaired surrogate
 */
export async function bindSalt(saltHex: string, email: string): Promise<Uint8Array<ArrayBuffer>> {
  decodeHex(saltHex, saltBytes);
  if (!email.isWellFormed()) throw new TextNotWellFormed();
  const address = text.encode(normaliseEmail(email));
  const key = await crypto.subtle.importKey('raw', address, 'HKDF', false, ['deriveBits']);
  const salt = text.encode(saltHex);
  const empty = new Uint8Array(0);
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info: empty }, key, keyBits);
  return new Uint8Array(bits);
}
