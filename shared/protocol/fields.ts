import * as z from 'zod';
import { limits } from './limits.ts';

/** Lower-case hex of exactly `length` characters, zero-padded: how big integers, salts and hashes travel. */
export const hex = (length: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${length}}$`), { message: `must be exactly ${length} lower-case hex characters` });

export const salt = hex(64).describe('Salt of 32 random bytes, hex');

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
  .trim()
  .toLowerCase()
  .refine((value) => /^[^\s@]+@[^\s@]+$/.test(value), { message: 'must be an e-mail address' })
  .describe('E-mail address; it is trimmed and lower-cased');

/** A first, last, group or resource name. */
export const name = text(limits.nameCharacters).describe('Name, as the server sees it');

/** What somebody is called. */
export const personNames = {
  firstName: name.describe('First name'),
  lastName: name.describe('Last name; may be empty'),
};

export const groupId = z
  .string()
  .regex(/^grp_[0-9a-f]{32}$/, { message: 'must be a group id (grp_ and 32 hex characters)' })
  .describe('The group');

export const accountId = z
  .string()
  .regex(/^acct_[0-9a-f]{32}$/, { message: 'must be an account id (acct_ and 32 hex characters)' })
  .describe('The account');

/** Ids that clients choose, resource ids above all. */
export const clientId = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,100}$/, { message: 'must be 1 to 100 characters of A-Z a-z 0-9 _ . : -' })
  .refine((id) => id !== '.' && id !== '..' && !/^__.*__$/.test(id), {
    message: 'must not be ".", ".." or __reserved__',
  })
  .describe('Id, chosen by the client');

export const blobId = hex(64).describe('The blob, by the SHA-256 of its whole ciphertext');

/** A whole number as a query carries it. */
export const queryInteger = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, { message: 'must be a whole number' })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { message: `must be ${least} to ${most}` })
    .meta({ minimum: least, maximum: most });

export const time = z.int().min(0).describe('Milliseconds since 1970');

/** A whole number for each name, with what it counts. */
export const counts = <Name extends string>(about: Readonly<Record<Name, string>>) =>
  z.object(
    Object.fromEntries(Object.entries<string>(about).map(([name, what]) => [name, z.int().describe(what)])) as Record<
      Name,
      z.ZodInt
    >,
  );

export const keyEpoch = z
  .int()
  .min(1)
  .max(1_000_000)
  .describe('Which key of the group: 1 at first, one more with each rotation');

export const rotationRequired = z
  .boolean()
  .describe('Somebody who had the key is out: nothing is written until an admin rotates it');

/** As Insomnia has it. */
export const wrappedGroupKey = hex(512).describe(
  'The group key, wrapped to one RSA-2048 key by RSA-OAEP with SHA-256: hex',
);

export const fingerprint = z
  .string()
  .regex(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/, {
    message: 'must be a fingerprint: sixteen groups of four hex characters',
  })
  .describe('RFC 7638 thumbprint of the public key, as it was compared with its owner');

/** A public key, and what it is known by, as the server tells them: nothing to rely on before it is compared. */
export const toldKey = {
  publicKey: z.string().describe('RSA-2048 public key: the text of a JWK'),
  fingerprint: z
    .string()
    .describe('RFC 7638 thumbprint of the key: to be compared with its owner over another channel'),
};

/** Opaque to the server: a JSON text that only clients can read. */
export const opaqueJson = (maxCharacters: number) =>
  z
    .string()
    .min(2)
    .max(maxCharacters)
    .refine((value) => value.isWellFormed() && isJsonObject(value), { message: 'must be the text of a JSON object' });

export const role = z
  .enum(['admin', 'editor', 'viewer'])
  .describe('What a member may: a viewer reads, an editor writes too, an admin decides who else may');
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
