import * as z from 'zod';
import { changeResult, resource, revision, version } from './changes.ts';
import { clientId, groupId, keyEpoch, time } from './fields.ts';
import { limits } from './limits.ts';

/** A whole number as a query carries it. */
const inQuery = (most: number) =>
  z
    .string()
    .regex(/^[1-9][0-9]{0,14}$/, { message: 'must be a whole number from 1' })
    .transform(Number)
    .refine((value) => value <= most, { message: `must be at most ${most}` });

export const resourceHistory = {
  input: z.object({
    groupId,
    id: clientId,
    /** A page's `next`: older versions than that page's. */
    before: inQuery(Number.MAX_SAFE_INTEGER).optional(),
    limit: inQuery(limits.historyVersions).default(limits.historyDefault),
  }),
  output: z.object({
    /** Newest first. */
    versions: z.array(
      resource.extend({
        revision,
        /** Server time of the write. */
        written: time,
        /** Whether it is the one that stands. */
        current: z.boolean(),
      }),
    ),
    /** For `before`; null when there are no older ones. */
    next: revision.nullable(),
  }),
};

export const resourceRestore = {
  input: z.object({
    groupId,
    keyEpoch,
    id: clientId,
    /** The version to have again. */
    version,
    /** The version that stands, as the caller knows it. */
    baseVersion: version.nullable(),
    lastEdited: time,
  }),
  output: z.object({ revision, result: changeResult }),
};
