import * as z from 'zod';
import { accountId, clientId, groupId, keyEpoch, name, opaqueJson, time } from './fields.ts';
import { limits } from './limits.ts';

/** Minted by the server for every write of a resource; clients compare it and never read it. */
const version = z.string();

const resourceType = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,60}$/, { message: 'must be 1 to 60 characters of A-Z a-z 0-9 _ . -' });

const encoder = new TextEncoder();

/** UTF-8 bytes, as the store counts them. */
export const contentBytes = (encContent: string): number => encoder.encode(encContent).length;

export const change = z.object({
  id: clientId,
  type: resourceType,
  name,
  baseVersion: z.string().max(100).nullable(),
  removed: z.boolean().default(false),
  lastEdited: time,
  /** The AES message as a JSON text. */
  encContent: opaqueJson(limits.pushContentBytes),
});
export type Change = z.infer<typeof change>;

/** A resource as the server holds it. */
export const resource = z.object({
  id: clientId,
  type: resourceType,
  name,
  version,
  removed: z.boolean(),
  keyEpoch,
  createdBy: accountId,
  lastEdited: time,
  lastEditedBy: accountId,
  encContent: z.string(),
});
export type Resource = z.infer<typeof resource>;

export const changeResult = z.object({
  id: clientId,
  status: z.enum(['created', 'updated', 'removed', 'unchanged', 'conflict', 'rejected']),
  version: version.nullable(),
  /** With `conflict`: the server's row, for the client to merge with. */
  current: resource.optional(),
  /** With `rejected`: why. */
  code: z.enum(['ATOMIC_ABORTED', 'CONTENT_TOO_LARGE']).optional(),
});
export type ChangeResult = z.infer<typeof changeResult>;

export const changesPush = {
  input: z
    .object({
      groupId,
      keyEpoch,
      changes: z
        .array(change)
        .min(1)
        .max(limits.pushChanges)
        .refine((changes) => new Set(changes.map(({ id }) => id)).size === changes.length, {
          message: 'must name each resource once',
        }),
      atomic: z.boolean().default(false),
    })
    .refine(({ changes }) => totalBytes(changes) <= limits.pushContentBytes, {
      path: ['changes'],
      message: `must hold at most ${limits.pushContentBytes} bytes of encContent in all: split the push`,
    }),
  output: z.object({ revision: z.int().min(0), results: z.array(changeResult) }),
};

export const changesPull = {
  input: z.object({
    groupId,
    cursor: z
      .string()
      .min(1)
      .max(1000)
      .nullish()
      .transform((cursor) => cursor ?? null),
    limit: z.int().min(1).max(limits.pullChanges).default(limits.pullDefault),
  }),
  output: z.object({ changes: z.array(resource), cursor: z.string(), more: z.boolean() }),
};

function totalBytes(changes: readonly Change[]): number {
  return changes.reduce((sum, { encContent: text }) => sum + contentBytes(text), 0);
}
