import { encodeHex } from './hex.ts';
import { parsePublicKey } from './rsa-key.ts';

/**
 * A short form of a public key that two people can read to each other: the SHA-256 JWK thumbprint (RFC 7638) in hex,
 * sixteen groups of four characters with a space between. Equal fingerprints mean equal keys.
 * @param publicKey the JSON string of the wire
 * @throws {KeyMalformed} when it is no key of an account
 */
export async function publicKeyFingerprint(publicKey: string): Promise<string> {
  const { e, kty, n } = parsePublicKey(publicKey);
  // RFC 7638 §3.2: the required members only, in this order, without white space.
  const input = new TextEncoder().encode(JSON.stringify({ e, kty, n }));
  const digest = encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', input)));
  return digest.replaceAll(/.{4}(?!$)/g, '$& ');
}
