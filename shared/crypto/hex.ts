import { HexInvalid } from './errors.ts';

const digits = new TextEncoder().encode('0123456789abcdef');
const ascii = new TextDecoder();

/** Value of each ASCII code as a lower-case hex digit; 255 where it is none. */
const values = new Uint8Array(128).fill(255);
digits.forEach((code, value) => {
  values[code] = value;
});

/** Bytes as lower-case hex, two characters each. */
export function encodeHex(bytes: Uint8Array): string {
  const text = new Uint8Array(bytes.length * 2);
  let at = 0;
  for (const byte of bytes) {
    text[at++] = digits[byte >> 4] ?? 0;
    text[at++] = digits[byte & 15] ?? 0;
  }
  return ascii.decode(text);
}

/**
 * Lower-case hex as bytes.
 * @param length the exact number of bytes; without it any whole number of bytes is right
 * @throws {HexInvalid} on upper case, other characters or another length: one value has one spelling
 */
export function decodeHex(text: string, length?: number): Uint8Array<ArrayBuffer> {
  if (text.length % 2 !== 0 || (length !== undefined && text.length !== length * 2)) throw new HexInvalid(length);
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) {
    const high = values[text.charCodeAt(at * 2)] ?? 255;
    const low = values[text.charCodeAt(at * 2 + 1)] ?? 255;
    if (high > 15 || low > 15) throw new HexInvalid(length);
    bytes[at] = (high << 4) | low;
  }
  return bytes;
}
