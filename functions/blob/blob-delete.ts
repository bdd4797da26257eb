import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { blobDelete as wire } from '../../shared/protocol/blobs.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { blobs } from '../../shared/store/blobs.ts';
import { membership, membershipProblems } from '../group/membership.ts';
import { attemptsOf, removal, tidyAway } from './removal.ts';
import { requireBlob } from './state.ts';

type Input = (typeof wire.input)['_output'];

export const blobDelete = httpFunction('blob-delete', {
  POST: sessionOperation({
    summary: 'Delete a blob that no version refers to, or the parts of one that is not complete',
    about: 'What a kept version of a resource names stays: `BLOB_IN_USE`.',
    ...wire,
    success: 200,
    problems: [...membershipProblems, 'BLOB_NOT_FOUND', 'BLOB_IN_USE'],
    writes: true,
    handle: remove,
  }),
});

async function remove({ groupId, blobId }: Input, context: SessionContext) {
  const { answer, attempts } = await optimistic(async () => {
    const { group, found } = await membership(context, groupId, 'editor', blobs(groupId).doc(blobId));
    const blob = requireBlob(found[0], blobId);
    const { references } = blob.data;
    if (references > 0) {
      throw new Problem('BLOB_IN_USE', `${references} versions of resources refer to it.`, { references });
    }
    const answer = await context.commit({ deleted: true as const }, removal(blob, group));
    return { answer, attempts: attemptsOf(blob.data) };
  });
  await tidyAway(context, { groupId, blobId, attempts });
  return answer;
}
