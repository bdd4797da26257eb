import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { resourceRestore as wire } from '../../shared/protocol/history.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { resources, versionKey, versions } from '../../shared/store/resources.ts';
import { propose } from '../changes/propose.ts';
import { revisionOf } from '../changes/version.ts';
import { membership, membershipProblems, requireKeyEpoch } from '../group/membership.ts';

type Input = (typeof wire.input)['_output'];

export const resourceRestore = httpFunction(
  'resource-restore',
  {
    POST: sessionOperation({
      summary: 'Have an earlier version of a resource again, as a new version',
      about: 'It is a new write like any other, onto the version that stands.',
      ...wire,
      success: 200,
      problems: [...membershipProblems, 'KEY_EPOCH_STALE', 'VERSION_NOT_FOUND', 'QUOTA_EXCEEDED'],
      writes: true,
      handle: (input, context) => context.turns.take(input.groupId, () => optimistic(() => restore(input, context))),
    }),
  },
  { resources: { memoryMiB: 512 } },
);

/**
 * The content comes back as it was, under the key epoch it was encrypted with: the server cannot encrypt it anew.
 * A push of a client does that, as after every rotation.
 */
async function restore(input: Input, context: SessionContext) {
  const { groupId, keyEpoch, id, version, baseVersion, lastEdited } = input;
  const kept = versions(groupId, id).doc(versionKey(revisionOf(version)));
  const { group, link, found } = await membership(context, groupId, 'editor', resources(groupId).doc(id), kept);
  requireKeyEpoch({ group, link }, keyEpoch);
  const [stored, earlier] = found;
  if (earlier?.data.version !== version) {
    throw new Problem('VERSION_NOT_FOUND', 'This version of the resource is not kept.', { groupId, id, version });
  }
  const { type, name, removed, encContent, blobIds } = earlier.data;
  const change = { id, type, name, baseVersion, removed, lastEdited, encContent, blobIds: [...blobIds] };
  const proposal = { change, keyEpoch: earlier.data.keyEpoch, stored };
  const { results, revision, writes } = await propose(group, [proposal], context);
  const [result] = results;
  if (result === undefined) throw new Error('One change came to no verdict.');
  return context.commit({ revision, result }, writes);
}
