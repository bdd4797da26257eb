import * as z from 'zod';
import { accountId, blobId, clientId, groupId, keyEpoch, name, opaqueJson, time } from './fields.ts';
import { limits } from './limits.ts';

/** Minted by the server for every write of a resource; clients compare it and never read it. */
export const version = z.string().min(1).max(100);

const blobIds = z
  .array(blobId)
  .max(limits.resourceBlobs)
  .refine((ids) => new Set(ids).size === ids.length, { message: 'must name each blob once' });

/** The group's count of changes: the place of the last one. */
export const revision = z.int().min(0);

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
  baseVersion: version.nullable(),
  removed: z.boolean().default(false),
  lastEdited: time,
  /** The AES message as a JSON text. */
  encContent: opaqueJson(limits.pushContentBytes),
  /** Blobs of this group that the content refers to: they stay as long as a kept version of a resource names them. */
  blobIds: blobIds.default([]),
});
export type Change = z.output<typeof change>;

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
  /** Left out where there are none. */
  blobIds: blobIds.optional(),
});
export type Resource = z.infer<typeof resource>;

export const changeResult = z.object({
  id: clientId,
  status: z.enum(['created', 'updated', 'removed', 'unchanged', 'conflict', 'rejected']),
  version: version.nullable(),
  /**
   * With `conflict`: the server's row, for the client to merge with. Not there when the row is no longer kept, or when
   * the rows of one answer would be more than `limits.conflictRowBytes`: a pull brings those.
   */
  current: resource.optional(),
  /** With `rejected`: why. */
  code: z.enum(['ATOMIC_ABORTED', 'BLOB_MISSING', 'CONTENT_TOO_LARGE']).optional(),
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
      message: `must hold at most ${limits.pushContentBytes} bytes of ids, types, names and contents: split the push`,
    })
    .refine(({ changes }) => new Set(changes.flatMap((each) => each.blobIds)).size <= limits.pushBlobs, {
      path: ['changes'],
      message: `must name at most ${limits.pushBlobs} blobs in all: split the push`,
    }),
  output: z.object({ revision, results: z.array(changeResult) }),
};

const cursor = z.string().min(1).max(1000);

/** A resource in its place in the order of the group's changes. */
const pulledResource = resource.extend({ revision });
export type PulledResource = z.infer<typeof pulledResource>;

export const changesPull = {
  input: z.object({
    groupId,
    cursor: cursor.nullish().transform((given) => given ?? null),
    limit: z.int().min(1).max(limits.pullChanges).default(limits.pullDefault),
  }),
  output: z.object({
    /** In the order of their revisions. */
    changes: z.array(pulledResource),
    cursor,
    more: z.boolean(),
    /** The group's. */
    revision,
  }),
};

export const syncCheck = {
  input: z.object({
    /** The groups to look at; all of the caller's unless given. Without a cursor everything counts as news. */
    groups: z
      .array(z.object({ groupId, cursor: cursor.nullish().transform((given) => given ?? null) }))
      .max(limits.syncCheckGroups)
      .refine((asked) => new Set(asked.map((each) => each.groupId)).size === asked.length, {
        message: 'must name each group once',
      })
      .nullish(),
  }),
  output: z.object({
    groups: z.array(
      z.object({
        groupId,
        revision,
        keyEpoch,
        /** Whether a pull from the cursor would bring something. */
        changed: z.boolean(),
        /** The cursor is past its time: the pull must start anew. */
        cursorExpired: z.boolean(),
        rotationRequired: z.boolean(),
      }),
    ),
    /** Those asked for that are deleted, or that the caller has no link to. */
    missing: z.array(groupId),
  }),
};

function totalBytes(changes: readonly Change[]): number {
  return changes.reduce((sum, { id, type, name: title, encContent, blobIds: named }) => {
    return sum + [id, type, title, encContent, ...named].reduce((bytes, text) => bytes + contentBytes(text), 0);
  }, 0);
}
