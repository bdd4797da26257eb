import * as z from 'zod';
import { blobId, groupId, queryInteger } from './fields.ts';
import { limits } from './limits.ts';

/** What has come of a blob; `missing` are part numbers, counted from 0. */
const blobState = z.object({
  blobId,
  state: z.enum(['uploading', 'ready']),
  parts: z.int().min(1),
  /** Bytes received so far; of a ready blob, its size. */
  size: z.int().min(0),
  missing: z.array(z.int().min(0)),
});

/**
 * Raw bytes in the body: `limits.blobPartBytes` of them, fewer in the last part. Parts come in any order, again, or in
 * parallel. Should a call that brought the last part have died before its answer, the state stays `uploading` with
 * nothing missing: sending any part again finishes it.
 */
export const blobUpload = {
  input: z
    .object({ groupId, blobId, part: queryInteger(0, limits.blobParts - 1), parts: queryInteger(1, limits.blobParts) })
    .refine(({ part, parts }) => part < parts, {
      path: ['part'],
      message: 'must be less than parts: it counts from 0',
    }),
  output: blobState,
};

export const blobStatus = {
  input: z.object({ groupId, blobId }),
  /** `references`: versions of resources that name it, past ones included. */
  output: blobState.extend({ references: z.int().min(0) }),
};

export const blobDownload = {
  input: z.object({ groupId, blobId, range: z.string().optional(), 'if-range': z.string().optional() }),
};

export const blobDelete = {
  input: z.object({ groupId, blobId }),
  output: z.object({ deleted: z.literal(true) }),
};
