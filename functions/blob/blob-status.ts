import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { blobStatus as wire } from '../../shared/protocol/blobs.ts';
import { blobs } from '../../shared/store/blobs.ts';
import { membership, membershipProblems } from '../group/membership.ts';
import { requireBlob, stateOf } from './state.ts';

type Input = (typeof wire.input)['_output'];

export const blobStatus = httpFunction('blob-status', {
  GET: sessionOperation({
    summary: 'Whether a blob is there, which of its parts are missing, and how many versions refer to it',
    ...wire,
    success: 200,
    problems: [...membershipProblems, 'BLOB_NOT_FOUND'],
    handle: status,
  }),
});

async function status({ groupId, blobId }: Input, context: SessionContext) {
  const { found } = await membership(context, groupId, 'viewer', blobs(groupId).doc(blobId));
  const { data } = requireBlob(found[0], blobId);
  return { ...stateOf(blobId, data), references: data.references };
}
