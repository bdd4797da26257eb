import * as z from 'zod';
import { limits } from './limits.ts';

/** Lower-case hex of exactly `length` characters, zero-padded: how big integers, salts and hashes travel. */
export const hex = (length: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${length}}$`), { message: `must be exactly ${length} lower-case hex characters` });

export const salt = hex(64);

/** Text that Firestore and every client can hold: well-formed Unicode, no control characters. */
export const text = (maxCharacters: number) =>
  z
    .string()
    .max(maxCharacters)
    .refine((value) => value.isWellFormed() && !hasControlCharacters(value), {
      message: 'must be well-formed Unicode without control characters',
    });

/** Trimmed and lower-cased, as the key derivation wants it. Not NFC-normalised: neither does Insomnia's client. */
export const email = text(limits.emailCharacters)
  .transform((value) => value.trim().toLowerCase())
  .refine((value) => /^[^\s@]+@[^\s@]+$/.test(value), { message: 'must be an e-mail address' });

/** A first, last, group or resource name. */
export const name = text(limits.nameCharacters);

export const groupId = z
  .string()
  .regex(/^grp_[0-9a-f]{32}$/, { message: 'must be a group id (grp_ and 32 hex characters)' });

export const accountId = z
  .string()
  .regex(/^acct_[0-9a-f]{32}$/, { message: 'must be an account id (acct_ and 32 hex characters)' });

/** Ids that clients choose, resource ids above all. */
export const clientId = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,100}$/, { message: 'must be 1 to 100 characters of A-Z a-z 0-9 _ . : -' })
  .refine((id) => id !== '.' && id !== '..' && !/^__.*__$/.test(id), {
    message: 'must not be ".", ".." or __reserved__',
  });

/** SHA-256 of a blob's whole ciphertext. */
export const blobId = hex(64);

/** A whole number as a query carries it. */
export const queryInteger = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, { message: 'must be a whole number' })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { message: `must be ${least} to ${most}` });

/** Milliseconds since 1970. */
export const time = z.int().min(0);

export const keyEpoch = z.int().min(1).max(1_000_000);

/** A group key wrapped to one account's RSA-2048 key: RSA-OAEP-SHA256, hex (insomnia-compatible). */
export const wrappedGroupKey = hex(512);

/** Of a public key: its RFC 7638 thumbprint, as people compare it. */
export const fingerprint = z.string().regex(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/, {
  message: 'must be a fingerprint: sixteen groups of four hex characters',
});

/** Opaque to the server: a JSON text that only clients can read. */
export const opaqueJson = (maxCharacters: number) =>
  z
    .string()
    .min(2)
    .max(maxCharacters)
    .refine((value) => value.isWellFormed() && isJsonObject(value), { message: 'must be the text of a JSON object' });

export const role = z.enum(['admin', 'editor', 'viewer']);
export type Role = z.infer<typeof role>;

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function hasControlCharacters(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 32 || code === 127) return true;
  }
  return false;
}
