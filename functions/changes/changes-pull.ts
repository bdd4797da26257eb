import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { contentBytes, type Resource, changesPull as wire } from '../../shared/protocol/changes.ts';
import { limits } from '../../shared/protocol/limits.ts';
import type { Database } from '../../shared/store/database.ts';
import { resources } from '../../shared/store/resources.ts';
import { membership } from '../group/membership.ts';
import { openCursor, signCursor } from './cursor.ts';
import { asResource } from './verdict.ts';

type Input = (typeof wire.input)['_output'];

/** Documents fetched at once: with contents at their limit this bounds the memory. */
const batch = 25;

export const changesPull = httpFunction(
  'changes-pull',
  {
    POST: sessionOperation({
      summary: 'The resources of a group that changed after a cursor, oldest change first',
      ...wire,
      success: 200,
      problems: ['GROUP_NOT_FOUND', 'CURSOR_INVALID'],
      handle: pull,
    }),
  },
  { secrets: ['state-key'], resources: { memoryMiB: 512, concurrency: 10 } },
);

/**
 * The head is read before the changes, and every commit up to it is visible to them: so when they are exhausted the
 * cursor may stand at the head, and nothing written later has a smaller revision.
 */
async function pull({ groupId, cursor, limit }: Input, context: SessionContext) {
  const after = cursor === null ? 0 : await openCursor(context.sealer, groupId, cursor);
  const { group } = await membership(context, groupId, 'viewer');
  const head = group.data.revision;
  const page =
    after >= head ? { changes: [], last: after, more: false } : await read(context.database, groupId, after, limit);
  const reached = page.more ? page.last : Math.max(page.last, head);
  return {
    changes: page.changes,
    cursor: await signCursor(context.sealer, groupId, reached),
    more: page.more && page.last < head,
  };
}

/** Up to `limit` changes, fewer when they are large. */
async function read(database: Database, groupId: string, after: number, limit: number) {
  const changes: Resource[] = [];
  let last = after;
  let bytes = 0;
  while (changes.length < limit && bytes < limits.pullContentBytes) {
    const wanted = Math.min(batch, limit - changes.length);
    const found = await database.list({
      collection: resources(groupId),
      where: [['revision', '>', last]],
      orderBy: 'revision',
      limit: wanted,
    });
    for (const stored of found) {
      changes.push(asResource(stored));
      bytes += contentBytes(stored.data.encContent);
      last = stored.data.revision;
    }
    if (found.length < wanted) return { changes, last, more: false };
  }
  return { changes, last, more: true };
}
