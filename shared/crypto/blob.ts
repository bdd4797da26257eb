import { type AesKeyJwk, parseAesKey } from './aes-key.ts';
import { BlobTampered } from './errors.ts';
import { decodeHex, encodeHex } from './hex.ts';

/** Bytes of every encrypted chunk but the last, which may be shorter. 32 of them are one part of an upload. */
export const sealedChunkBytes = 240 * 1024;
/** Bytes at the end of every encrypted chunk: its GCM tag. */
export const tagBytes = 16;
/** Bytes of plaintext in one chunk. */
export const openChunkBytes = sealedChunkBytes - tagBytes;
const digestBytes = 32;

const text = new TextEncoder();

/** Where a blob belongs. */
export interface BlobPlace {
  readonly groupId: string;
  readonly keyEpoch: number;
}

/** Bytes that a plaintext of so many bytes has when it is encrypted. An empty one is one empty chunk. */
export function sealedSize(size: number): number {
  return size + tagBytes * Math.max(1, Math.ceil(size / openChunkBytes));
}

/** The most bytes of plaintext whose ciphertext has no more than these. */
export function mostSealedIn(sealed: number): number {
  const rest = Math.max(0, (sealed % sealedChunkBytes) - tagBytes);
  return Math.floor(sealed / sealedChunkBytes) * openChunkBytes + rest;
}

/**
 * What a blob's key is made from, besides the group's key: an HMAC-SHA-256 of its content under a key that only the
 * group's members have. So each content has a key of its own and chunks can be numbered as nonces; one content, encrypted
 * again, is the same to the byte, which makes an upload resumable; and the server can confirm no guess at it. The content
 * stands in it as the digests of its chunks, which are all of one length but the last: WebCrypto hashes whole buffers
 * only, and so several at once.
 * @param digests SHA-256 of each chunk of the plaintext, in their order; of an empty one's single empty chunk
 * @returns 64 hex characters: with the group's key they open the blob, so they belong into encrypted content
 */
export async function blobSeal(
  groupKey: AesKeyJwk,
  place: BlobPlace,
  digests: readonly Uint8Array<ArrayBuffer>[],
): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256', length: 256 } as const;
  const parameters = hkdf(new Uint8Array(digestBytes), 'nightvault.blob.seal.1', place);
  const key = await crypto.subtle.deriveKey(parameters, await keyMaterial(groupKey), algorithm, false, ['sign']);
  const all = new Uint8Array(digests.length * digestBytes);
  for (const [index, digest] of digests.entries()) all.set(digest, index * digestBytes);
  return encodeHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, all)));
}

/** SHA-256 of one chunk, 32 bytes. */
export async function chunkDigest(chunk: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', chunk));
}

/** Encrypts and decrypts the chunks of one blob, by STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015). */
export interface BlobCipher {
  /** @param index of the chunk, from 0 @param last whether no other follows */
  seal(chunk: Uint8Array<ArrayBuffer>, index: number, last: boolean): Promise<Uint8Array<ArrayBuffer>>;
  /** @throws {BlobTampered} when this is not that chunk of this blob */
  open(chunk: Uint8Array<ArrayBuffer>, index: number, last: boolean): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * AES-256-GCM under HKDF-SHA-256 of the group's key, salted with the seal, bound to the place. A nonce is the number of
 * the chunk in eleven bytes, and one that is 1 for the last.
 * @throws {HexInvalid} on a seal of another form
 */
export async function blobCipher(groupKey: AesKeyJwk, place: BlobPlace, seal: string): Promise<BlobCipher> {
  const parameters = hkdf(decodeHex(seal, digestBytes), 'nightvault.blob.1', place);
  const algorithm = { name: 'AES-GCM', length: 256 } as const;
  const usages = ['encrypt', 'decrypt'] as const;
  const key = await crypto.subtle.deriveKey(parameters, await keyMaterial(groupKey), algorithm, false, [...usages]);
  return {
    seal: async (chunk, index, last) => {
      return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce(index, last) }, key, chunk));
    },
    open: async (chunk, index, last) => {
      try {
        return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce(index, last) }, key, chunk));
      } catch {
        throw new BlobTampered();
      }
    },
  };
}

function hkdf(salt: Uint8Array<ArrayBuffer>, purpose: string, { groupId, keyEpoch }: BlobPlace) {
  return { name: 'HKDF', hash: 'SHA-256', salt, info: text.encode(JSON.stringify([purpose, groupId, keyEpoch])) };
}

async function keyMaterial(groupKey: AesKeyJwk) {
  const { k } = parseAesKey(JSON.stringify(groupKey));
  const binary = atob(k.replaceAll('-', '+').replaceAll('_', '/'));
  const raw = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey']);
}

function nonce(index: number, last: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setUint32(7, index);
  bytes[11] = last ? 1 : 0;
  return bytes;
}
