import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { type Bytes, uploadOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { blobUpload as wire } from '../../shared/protocol/blobs.ts';
import { lifetimes, limits } from '../../shared/protocol/limits.ts';
import { blobs, looseParts } from '../../shared/store/blobs.ts';
import { create, StoreUnavailable } from '../../shared/store/database.ts';
import { membership, membershipProblems } from '../group/membership.ts';
import { attach, requireSameParts, requireUploadRoom } from './attach.ts';
import { finish } from './finish.ts';
import { receive } from './receive.ts';
import { abandon } from './removal.ts';
import { stateOf } from './state.ts';
import { streaming } from './streaming.ts';

type Input = (typeof wire.input)['_output'];

export const blobUpload = httpFunction(
  'blob-upload',
  {
    PUT: uploadOperation({
      summary: 'Send one part of a blob; with its last part the blob exists, if its bytes are those its id names',
      about:
        'Raw bytes in the body: of every part but the last exactly as many as `configuration` says in `limits.blobPartBytes`. Parts come in any order, again, or in parallel. If a call with the last part ended without an answer the state stays `uploading` with nothing missing: any part sent again finishes it.',
      ...wire,
      success: 200,
      problems: [...membershipProblems, 'BLOB_NOT_FOUND', 'BLOB_HASH_MISMATCH', 'QUOTA_EXCEEDED'],
      bodyBytes: limits.blobPartBytes,
      handle: upload,
    }),
  },
  { resources: streaming },
);

/**
 * Every call writes chunks of its own, under an attempt that no other has, and makes them the part only when all are
 * stored: parts sent twice, at once or half never mix. Until then a record of the loose part lets the sweep find them.
 */
async function upload(input: Input, context: SessionContext, body: Bytes) {
  const { groupId, blobId, part, parts } = input;
  const { group, found } = await membership(context, groupId, 'editor', blobs(groupId).doc(blobId));
  const [blob] = found;
  if (blob?.data.state === 'ready') return context.commit(stateOf(blobId, blob.data), []);
  requireSameParts(blob, parts);
  const least = part === parts - 1 ? 1 : limits.blobPartBytes;
  await requireUploadRoom(context, group, least - (blob?.data.received[part]?.bytes ?? 0));

  const attempt = Buffer.from(context.random(16)).toString('hex');
  const sweepFrom = context.clock.now() + lifetimes.idleBlob;
  await context.database.commit([create(looseParts.doc(attempt), { groupId, blobId, sweepFrom })]);
  try {
    const bytes = await receive(context.database, input, attempt, body);
    const answer = await optimistic(() => attach(input, { attempt, bytes }, context));
    if (answer !== undefined) return answer;
  } catch (error) {
    // When the store does not answer, a chunk may still be on its way to it: deleting now could come too early.
    if (!(error instanceof StoreUnavailable)) await abandon(context, attempt);
    throw error;
  }
  return finish(input, context);
}
