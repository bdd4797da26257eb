import * as z from 'zod';
import { hex, keyEpoch } from '../../shared/protocol/fields.ts';

/** Type of the resources that are files. The server sees it, and nothing else of a file but its size and times. */
export const fileType = 'File';

/** What the server sees as the name of every file: paths are part of the encrypted content. */
export const fileName = '';

/** Where a content is that is too long for a resource: everything that is needed to find and open it. */
export const blobReference = z.object({
  blobId: hex(64),
  keyEpoch,
  seal: hex(64),
  size: z.int().min(0),
});
export type BlobReference = z.infer<typeof blobReference>;

/** What a file's resource holds, encrypted. */
export const fileContent = z.object({
  format: z.literal('nightvault-file-1'),
  path: z.string(),
  size: z.int().min(0),
  /** Of the content, in hex. */
  sha256: hex(64),
  /** One of the three: the content as text, as base64url, or where it is. */
  text: z.string().optional(),
  base64: z.string().optional(),
  blob: blobReference.optional(),
});
export type FileContent = z.infer<typeof fileContent>;
