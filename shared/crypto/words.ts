import { wordlist } from '@scure/bip39/wordlists/english.js';
import { decodeHex } from './hex.ts';

const fingerprintBytes = 32;
/** Bytes of a fingerprint that are said in words: nobody makes a second key that shares them. */
const spokenBytes = 16;
const checksumBits = (spokenBytes * 8) / 32;

/**
 * The first half of a fingerprint (128 bits) as twelve English words, by BIP-39: for two people on the phone. The last
 * word holds a checksum of the others, so twelve of which one was misheard are seldom valid.
 * @param fingerprint as `publicKeyFingerprint` gives it
 * @throws {HexInvalid}
 */
export async function fingerprintWords(fingerprint: string): Promise<string[]> {
  const entropy = decodeHex(fingerprint.replaceAll(' ', ''), fingerprintBytes).slice(0, spokenBytes);
  const [checksum = 0] = new Uint8Array(await crypto.subtle.digest('SHA-256', entropy));
  const bits = [...entropy, checksum].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const spoken = bits.slice(0, spokenBytes * 8 + checksumBits);
  return (spoken.match(/.{11}/g) ?? []).map((index) => word(Number.parseInt(index, 2)));
}

/** Random words for a passphrase that a person can remember: 11 bits each. */
export function randomWords(count: number): string[] {
  // 2048 words divide 2^16, so each is as likely as the others.
  return [...crypto.getRandomValues(new Uint16Array(count))].map((random) => word(random % wordlist.length));
}

const word = (index: number): string => wordlist[index] ?? '';
