import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { type ChangeResult, changesPush as wire } from '../../shared/protocol/changes.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { resources } from '../../shared/store/resources.ts';
import { membership, membershipProblems, requireKeyEpoch } from '../group/membership.ts';
import { propose } from './propose.ts';

type Input = (typeof wire.input)['_output'];

export const changesPush = httpFunction(
  'changes-push',
  {
    POST: sessionOperation({
      summary: 'Write encrypted resources to a group; each item gets a verdict of its own',
      about:
        'A change is written only onto the version that its device has seen; any other is a conflict, overwrites nothing, and brings the row that stands. One push is one commit. How to merge, and what it costs: docs/sync.md.',
      ...wire,
      success: 200,
      problems: [...membershipProblems, 'KEY_EPOCH_STALE', 'QUOTA_EXCEEDED'],
      writes: true,
      bodyBytes: limits.pushBodyBytes,
      handle: (input, context) => context.turns.take(input.groupId, () => optimistic(() => push(input, context))),
    }),
  },
  { resources: { memoryMiB: 512 } },
);

/** One read of everything, one atomic commit: n + 3 reads with the session, 2n + 1 writes. */
async function push({ groupId, keyEpoch, changes, atomic }: Input, context: SessionContext) {
  const place = resources(groupId);
  const wanted = changes.map(({ id }) => place.doc(id));
  const { group, link, found } = await membership(context, groupId, 'editor', ...wanted);
  requireKeyEpoch({ group, link }, keyEpoch);
  const proposals = changes.map((change, index) => ({ change, keyEpoch, stored: found[index] }));
  const { results, revision, writes } = await propose(group, proposals, context);
  if (atomic && results.some(({ status }) => status === 'conflict' || status === 'rejected')) {
    return context.commit({ revision: group.data.revision, results: results.map(aborted) }, []);
  }
  return context.commit({ revision, results: [...results] }, writes);
}

/** What would have been written is reported as not written; what stood in its way keeps its verdict. */
function aborted(result: ChangeResult): ChangeResult {
  const kept = result.status === 'conflict' || result.status === 'rejected' || result.status === 'unchanged';
  return kept ? result : { id: result.id, status: 'rejected', version: null, code: 'ATOMIC_ABORTED' };
}
