import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { contentBytes, type PulledResource, changesPull as wire } from '../../shared/protocol/changes.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import type { Database } from '../../shared/store/database.ts';
import { resources } from '../../shared/store/resources.ts';
import { membership, membershipProblems } from '../group/membership.ts';
import { beginning, isExpired, openCursor, signCursor } from './cursor.ts';
import { asResource } from './verdict.ts';

type Input = (typeof wire.input)['_output'];

/** Documents fetched at once: with contents at their limit this bounds the memory. */
const batch = 25;

export const changesPull = httpFunction(
  'changes-pull',
  {
    POST: sessionOperation({
      summary: 'The resources of a group that changed after a cursor, oldest change first',
      about:
        'Pages may come while others write: nothing is skipped, and nothing comes again unless it has changed again. `CURSOR_EXPIRED` means: pull again from the start, and drop what does not come.',
      ...wire,
      success: 200,
      problems: [...membershipProblems, 'CURSOR_INVALID', 'CURSOR_EXPIRED'],
      handle: pull,
    }),
  },
  { secrets: ['state-key'], resources: { memoryMiB: 512, concurrency: 10 } },
);

/**
 * The head is read before the changes, and every commit up to it is visible to them: so when they are exhausted the
 * cursor may stand at the head, and nothing written later has a smaller revision. p + 3 reads with the session.
 */
async function pull({ groupId, cursor, limit }: Input, context: SessionContext) {
  const { sealer, database } = context;
  const given = cursor === null ? undefined : await openCursor(sealer, groupId, cursor);
  const { group } = await membership(context, groupId, 'viewer');
  const place = given ?? beginning(group.data);
  if (isExpired(place, group.data)) {
    throw new Problem('CURSOR_EXPIRED', 'Resources have been removed since, and the removals are no longer kept.');
  }
  const { changes, reached, more } = await read(database, groupId, place.revision, group.data.revision, limit);
  const next = { revision: reached, from: place.revision, purged: group.data.purgedRevision };
  return { changes, cursor: await signCursor(sealer, groupId, next), more, revision: group.data.revision };
}

/** Up to `limit` changes, fewer when they are large. */
async function read(database: Database, groupId: string, after: number, head: number, limit: number) {
  const changes: PulledResource[] = [];
  let reached = after;
  let bytes = 0;
  while (reached < head && changes.length < limit && bytes < limits.pullContentBytes) {
    const wanted = Math.min(batch, limit - changes.length);
    const found = await database.list({
      collection: resources(groupId),
      // What is newer is for another pull: the answer is of the group as it stood at its head.
      where: [
        ['revision', '>', reached],
        ['revision', '<=', head],
      ],
      orderBy: 'revision',
      limit: wanted,
    });
    for (const { id, data } of found) {
      changes.push({ ...asResource(id, data), revision: data.revision });
      bytes += contentBytes(data.encContent);
      reached = data.revision;
    }
    if (found.length < wanted) reached = head;
  }
  return { changes, reached, more: reached < head };
}
