import * as z from 'zod';
import { hex } from '../../shared/protocol/fields.ts';
import { blobReference } from '../folder/file-format.ts';

/** What stands in a resource whose content is too long for it. No item is one: each has an id in it. */
export const elsewhere = z.strictObject({
  format: z.literal('nightvault-blob-1'),
  /** Of the content as UTF-8, in hex. */
  sha256: hex(64),
  blob: blobReference,
});
export type Elsewhere = z.infer<typeof elsewhere>;
