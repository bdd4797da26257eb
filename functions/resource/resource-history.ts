import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { resourceHistory as wire } from '../../shared/protocol/history.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import type { Stored } from '../../shared/store/database.ts';
import { resources, type StoredVersion, versions } from '../../shared/store/resources.ts';
import { asResource } from '../changes/verdict.ts';
import { membership, membershipProblems } from '../group/membership.ts';

type Input = (typeof wire.input)['_output'];

/** Versions fetched at once: with contents at their limit this bounds the memory. */
const batch = 10;

export const resourceHistory = httpFunction(
  'resource-history',
  {
    GET: sessionOperation({
      summary: 'The versions of a resource that are kept, newest first, with their contents',
      ...wire,
      success: 200,
      problems: [...membershipProblems, 'RESOURCE_NOT_FOUND'],
      handle: history,
    }),
  },
  { resources: { memoryMiB: 512, concurrency: 10 } },
);

async function history({ groupId, id, before, limit }: Input, context: SessionContext) {
  const { found } = await membership(context, groupId, 'viewer', resources(groupId).doc(id));
  const [current] = found;
  if (current === undefined) throw new Problem('RESOURCE_NOT_FOUND', 'There is no such resource.', { groupId, id });
  const { page, more } = await read(context, { groupId, id, before, limit });
  return {
    versions: page.map(({ data }) => ({
      ...asResource(id, data),
      revision: data.revision,
      written: data.written,
      current: data.revision === current.data.revision,
    })),
    next: more ? (page.at(-1)?.data.revision ?? null) : null,
  };
}

/** Up to `limit` versions, fewer when they are large. */
async function read({ database }: SessionContext, { groupId, id, before, limit }: Input) {
  const page: Stored<StoredVersion>[] = [];
  let below = before ?? Number.MAX_SAFE_INTEGER;
  let bytes = 0;
  while (page.length < limit && bytes < limits.pullContentBytes) {
    const wanted = Math.min(batch, limit - page.length);
    const found = await database.list({
      collection: versions(groupId, id),
      where: [['revision', '<', below]],
      orderBy: 'revision',
      descending: true,
      limit: wanted,
    });
    for (const version of found) {
      page.push(version);
      bytes += version.data.bytes;
      below = version.data.revision;
    }
    if (found.length < wanted) return { page, more: false };
  }
  return { page, more: true };
}
