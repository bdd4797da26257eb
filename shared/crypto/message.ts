import { type AesKey, importAesKey } from './aes-key.ts';
import { MessageMalformed, MessageMisplaced, MessageTampered, TextNotWellFormed } from './errors.ts';
import { decodeHex, encodeHex } from './hex.ts';
import { parseJson } from './json.ts';

/**
 * An AES-256-GCM message (NIST SP 800-38D): all four members are lower-case hex. It travels as a JSON string.
 */
export interface AesMessage {
  /** 12 random bytes. */
  readonly iv: string;
  /** The 16-byte authentication tag. */
  readonly t: string;
  /** The ciphertext. */
  readonly d: string;
  /** The associated data: authenticated, not encrypted. Empty in messages that are bound to no place. */
  readonly ad: string;
}

const ivBytes = 12;
const tagBytes = 16;
const hex = /^(?:[0-9a-f]{2})*$/;
const text = new TextEncoder();
const utf8 = new TextDecoder();

/**
 * Encrypts a text. It passes `encodeURIComponent` first, so what is encrypted is ASCII: existing clients expect that.
 * @param ad associated data as text, such as {@link resourceAd} makes; its UTF-8 bytes go into the message as hex
 * @throws {TextNotWellFormed} when the plaintext has an unpaired surrogate
 */
export async function encryptMessage(key: AesKey, plaintext: string, ad = ''): Promise<AesMessage> {
  if (!plaintext.isWellFormed() || !ad.isWellFormed()) throw new TextNotWellFormed();
  return seal(key, plaintext, crypto.getRandomValues(new Uint8Array(ivBytes)), ad);
}

/**
 * Encrypts under a given nonce. Two messages under one key and nonce give the key stream away:
 * everything but a known-answer test uses {@link encryptMessage}.
 * @param iv 12 bytes, never used with this key before
 */
export async function seal(
  key: AesKey,
  plaintext: string,
  iv: Uint8Array<ArrayBuffer>,
  ad: string,
): Promise<AesMessage> {
  const additionalData = text.encode(ad);
  const secret = await importAesKey(key);
  const parameters = { name: 'AES-GCM', iv, additionalData, tagLength: tagBytes * 8 };
  const sealed = await crypto.subtle.encrypt(parameters, secret, text.encode(encodeURIComponent(plaintext)));
  const tagAt = sealed.byteLength - tagBytes;
  return {
    iv: encodeHex(iv),
    t: encodeHex(new Uint8Array(sealed, tagAt)),
    d: encodeHex(new Uint8Array(sealed, 0, tagAt)),
    ad: encodeHex(additionalData),
  };
}

/**
 * Decrypts a message, and refuses one that belongs elsewhere.
 * @param options.expectedAd the associated data the message must carry; by default it must carry none
 * @throws {MessageMalformed} when it is no message
 * @throws {MessageMisplaced} when its associated data is another
 * @throws {MessageTampered} when it does not open with this key, or opens to what is not URI-encoded text
 */
export async function decryptMessage(
  key: AesKey,
  message: AesMessage,
  { expectedAd = '' }: { readonly expectedAd?: string } = {},
): Promise<string> {
  const { iv, t, d, ad } = messageFrom(message);
  if (ad !== encodeHex(text.encode(expectedAd))) throw new MessageMisplaced();
  const secret = await importAesKey(key);
  const parameters = { name: 'AES-GCM', iv: decodeHex(iv), additionalData: decodeHex(ad), tagLength: tagBytes * 8 };
  try {
    const plain = await crypto.subtle.decrypt(parameters, secret, decodeHex(d + t));
    return decodeURIComponent(utf8.decode(plain));
  } catch {
    throw new MessageTampered();
  }
}

/**
 * Reads a message from the JSON string that the wire carries. `JSON.stringify` is the way back.
 * @throws {MessageMalformed}
 */
export function parseMessage(json: string): AesMessage {
  return messageFrom(parseJson(json));
}

/**
 * The associated data of a resource's content: binds the ciphertext to its group, its id and the epoch of the group's
 * key, so that a server can neither swap two resources nor bring back one from before a key rotation.
 * A JSON array, because no two different places may have one spelling.
 */
export function resourceAd(groupId: string, resourceId: string, keyEpoch: number): string {
  return JSON.stringify(['nightvault.resource.1', groupId, resourceId, keyEpoch]);
}

function messageFrom(value: unknown): AesMessage {
  if (typeof value === 'object' && value !== null && 'iv' in value && 't' in value && 'd' in value && 'ad' in value) {
    const { iv, t, d, ad } = value;
    if (isHex(iv, ivBytes) && isHex(t, tagBytes) && isHex(d) && isHex(ad)) return { iv, t, d, ad };
  }
  throw new MessageMalformed();
}

function isHex(value: unknown, length?: number): value is string {
  return typeof value === 'string' && (length === undefined || value.length === length * 2) && hex.test(value);
}
