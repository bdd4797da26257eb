import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { requestedSpan } from '../../shared/platform/http/byte-range.ts';
import { type Download, downloadOperation } from '../../shared/platform/operation.ts';
import { blobDownload as wire } from '../../shared/protocol/blobs.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { blobs } from '../../shared/store/blobs.ts';
import { membership, membershipProblems } from '../group/membership.ts';
import { contents } from './contents.ts';
import { missingParts, requireBlob } from './state.ts';
import { streaming } from './streaming.ts';

type Input = (typeof wire.input)['_output'];

export const blobDownload = httpFunction(
  'blob-download',
  {
    GET: downloadOperation({
      summary: 'The bytes of a blob, or a range of them',
      about: 'The ETag is the blob’s id. A large one comes without `Content-Length`.',
      ...wire,
      headers: ['range', 'if-range'],
      success: 200,
      problems: [...membershipProblems, 'BLOB_NOT_FOUND', 'BLOB_INCOMPLETE', 'RANGE_NOT_SATISFIABLE'],
      handle: download,
    }),
  },
  { resources: streaming },
);

/** The bytes under an id are always the same, so a range holds unless its `If-Range` speaks of something else. */
async function download(input: Input, context: SessionContext): Promise<Download> {
  const { groupId, blobId, range, 'if-range': ifRange = `"${blobId}"` } = input;
  const { found } = await membership(context, groupId, 'viewer', blobs(groupId).doc(blobId));
  const blob = requireBlob(found[0], blobId);
  const { state, size } = blob.data;
  if (state !== 'ready') {
    const missing = missingParts(blob.data);
    throw new Problem('BLOB_INCOMPLETE', `Of ${blob.data.parts} parts ${missing.length} are missing.`, { missing });
  }
  const span = ifRange === `"${blobId}"` ? requestedSpan(range, size) : undefined;
  const bytes = contents(context.database, blob, span ?? { first: 0, last: size - 1 });
  return { bytes, size, span, sha256: blobId };
}
