import * as z from 'zod';
import { accountId, blobId, clientId, groupId, keyEpoch, name, opaqueJson, rotationRequired, time } from './fields.ts';
import { limits } from './limits.ts';

export const version = z
  .string()
  .min(1)
  .max(100)
  .describe('Minted by the server for every write of a resource: to be compared, not read');

const blobIds = z
  .array(blobId)
  .max(limits.resourceBlobs)
  .refine((ids) => new Set(ids).size === ids.length, { message: 'must name each blob once' })
  .describe(
    'Blobs of this group that the content refers to: each stays as long as a kept version of a resource names it',
  );

export const revision = z.int().min(0).describe('The group’s count of changes: the place of the last one');

const resourceType = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,60}$/, { message: 'must be 1 to 60 characters of A-Z a-z 0-9 _ . -' })
  .describe('Kind of resource, in the client’s words; the server sees it');

const removed = z.boolean().describe('Whether the resource is gone');
export const lastEdited = time.describe('When the client says it was edited: milliseconds since 1970');
const encContent = 'The content, encrypted under the group key of the epoch: the text of a JSON object';

const encoder = new TextEncoder();

/** UTF-8 bytes, as the store counts them. */
export const contentBytes = (encContent: string): number => encoder.encode(encContent).length;

export const change = z.object({
  id: clientId,
  type: resourceType,
  name,
  baseVersion: version.nullable().describe('The version this was made from; null for a new resource'),
  removed: removed.default(false),
  lastEdited,
  encContent: opaqueJson(limits.pushContentBytes).describe(encContent),
  blobIds: blobIds.default([]),
});
export type Change = z.output<typeof change>;

/** A resource as the server holds it. */
export const resource = z.object({
  id: clientId,
  type: resourceType,
  name,
  version,
  removed,
  keyEpoch,
  createdBy: accountId.describe('Who made it'),
  lastEdited,
  lastEditedBy: accountId.describe('Who edited it last'),
  encContent: z.string().describe(encContent),
  blobIds: blobIds.optional(),
});
export type Resource = z.infer<typeof resource>;

export const changeResult = z.object({
  id: clientId,
  status: z
    .enum(['created', 'updated', 'removed', 'unchanged', 'conflict', 'rejected'])
    .describe('What became of the change; a `conflict` was made from another version than the one that stands'),
  version: version.nullable().describe('The version that stands now; null where none does'),
  current: resource
    .optional()
    .describe('With `conflict`: the server’s row, to merge with; a pull brings it where it is not here'),
  code: z.enum(['ATOMIC_ABORTED', 'BLOB_MISSING', 'CONTENT_TOO_LARGE']).optional().describe('With `rejected`: why'),
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
        })
        .describe('Each gets a verdict of its own'),
      atomic: z.boolean().default(false).describe('All or nothing: one conflict rejects them all'),
    })
    .refine(({ changes }) => totalBytes(changes) <= limits.pushContentBytes, {
      path: ['changes'],
      message: `must hold at most ${limits.pushContentBytes} bytes of ids, types, names and contents: split the push`,
    })
    .refine(({ changes }) => new Set(changes.flatMap((each) => each.blobIds)).size <= limits.pushBlobs, {
      path: ['changes'],
      message: `must name at most ${limits.pushBlobs} blobs in all: split the push`,
    }),
  output: z.object({ revision, results: z.array(changeResult).describe('A verdict for each change, in their order') }),
};

const cursor = z.string().min(1).max(1000).describe('Where the next pull goes on: to be kept, not read');
const since = cursor
  .nullish()
  .transform((given) => given ?? null)
  .describe('From the last pull; null for all there is');

/** A resource in its place in the order of the group's changes. */
const pulledResource = resource.extend({ revision });
export type PulledResource = z.infer<typeof pulledResource>;

export const changesPull = {
  input: z.object({
    groupId,
    cursor: since,
    limit: z.int().min(1).max(limits.pullChanges).default(limits.pullDefault).describe('At most so many in one answer'),
  }),
  output: z.object({
    changes: z.array(pulledResource).describe('In the order of their revisions; of each resource its newest only'),
    cursor,
    more: z.boolean().describe('There is more: pull again from the cursor'),
    revision,
  }),
};

export const syncCheck = {
  input: z.object({
    groups: z
      .array(z.object({ groupId, cursor: since }))
      .max(limits.syncCheckGroups)
      .refine((asked) => new Set(asked.map((each) => each.groupId)).size === asked.length, {
        message: 'must name each group once',
      })
      .nullish()
      .describe('The groups to look at, all of the caller’s unless given; without a cursor everything counts as news'),
  }),
  output: z.object({
    groups: z
      .array(
        z.object({
          groupId,
          revision,
          keyEpoch,
          changed: z.boolean().describe('Whether a pull from the cursor would bring something'),
          cursorExpired: z.boolean().describe('The cursor is past its time: the pull must start anew'),
          rotationRequired,
        }),
      )
      .describe('What is new in each'),
    missing: z.array(groupId).describe('Those asked for that are deleted, or that the caller has no link or no key to'),
  }),
};

function totalBytes(changes: readonly Change[]): number {
  return changes.reduce((sum, { id, type, name: title, encContent, blobIds: named }) => {
    return sum + [id, type, title, encContent, ...named].reduce((bytes, text) => bytes + contentBytes(text), 0);
  }, 0);
}
