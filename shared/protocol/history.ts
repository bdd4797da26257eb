import * as z from 'zod';
import { changeResult, lastEdited, resource, revision, version } from './changes.ts';
import { clientId, groupId, keyEpoch, queryInteger, time } from './fields.ts';
import { limits } from './limits.ts';

export const resourceHistory = {
  input: z.object({
    groupId,
    id: clientId,
    before: queryInteger(1, Number.MAX_SAFE_INTEGER).optional().describe('The `next` of the page before'),
    limit: queryInteger(1, limits.historyVersions).default(limits.historyDefault).describe('At most so many'),
  }),
  output: z.object({
    versions: z
      .array(
        resource.extend({
          revision,
          written: time.describe('When the server wrote it: milliseconds since 1970'),
          current: z.boolean().describe('Whether it is the one that stands'),
        }),
      )
      .describe('Newest first'),
    next: revision.nullable().describe('For `before`; null when there are no older ones'),
  }),
};

export const resourceRestore = {
  input: z.object({
    groupId,
    keyEpoch,
    id: clientId,
    version: version.describe('The version to have again'),
    baseVersion: version.nullable().describe('The version that stands, as the caller knows it; null for none'),
    lastEdited,
  }),
  output: z.object({ revision, result: changeResult.describe('What became of it') }),
};
