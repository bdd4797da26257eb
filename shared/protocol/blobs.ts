import * as z from 'zod';
import { blobId, groupId, queryInteger } from './fields.ts';
import { limits } from './limits.ts';

/** What has come of a blob. */
const blobState = z.object({
  blobId,
  state: z.enum(['uploading', 'ready']).describe('`ready`: all bytes are there, and are those that its id names'),
  parts: z.int().min(1).describe('In how many parts it comes'),
  size: z.int().min(0).describe('Bytes received so far; of a ready blob, its size'),
  missing: z.array(z.int().min(0)).describe('Numbers of the parts that have not come, counted from 0'),
});

/**
 * Raw bytes in the body: `limits.blobPartBytes` of them, fewer in the last part. Parts come in any order, again, or in
 * parallel. Should a call that brought the last part have died before its answer, the state stays `uploading` with
 * nothing missing: sending any part again finishes it.
 */
export const blobUpload = {
  input: z
    .object({
      groupId,
      blobId,
      part: queryInteger(0, limits.blobParts - 1).describe('Which part this is, counted from 0'),
      parts: queryInteger(1, limits.blobParts).describe('How many there are: the same in each call for this blob'),
    })
    .refine(({ part, parts }) => part < parts, {
      path: ['part'],
      message: 'must be less than parts: it counts from 0',
    }),
  output: blobState,
};

export const blobStatus = {
  input: z.object({ groupId, blobId }),
  output: blobState.extend({
    references: z.int().min(0).describe('Versions of resources that name it, past ones included'),
  }),
};

export const blobDownload = {
  input: z.object({
    groupId,
    blobId,
    range: z.string().optional().describe('One range of bytes, as in RFC 9110; several, and the whole comes'),
    'if-range': z.string().optional().describe('An ETag: if the blob has another, the whole comes'),
  }),
};

export const blobDelete = {
  input: z.object({ groupId, blobId }),
  output: z.object({ deleted: z.literal(true).describe('The blob is no more') }),
};
