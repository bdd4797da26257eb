import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { type ChangeResult, changesPush as wire } from '../../shared/protocol/changes.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { update, type Write } from '../../shared/store/database.ts';
import { resources } from '../../shared/store/resources.ts';
import { membership, requireKeyEpoch } from '../group/membership.ts';
import { judge } from './verdict.ts';

type Input = (typeof wire.input)['_output'];

export const changesPush = httpFunction(
  'changes-push',
  {
    POST: sessionOperation({
      summary: 'Write encrypted resources to a group; each item gets a verdict of its own',
      ...wire,
      success: 200,
      problems: ['GROUP_NOT_FOUND', 'ROLE_REQUIRED', 'KEY_EPOCH_STALE'],
      writes: true,
      bodyBytes: limits.pushBodyBytes,
      handle: (input, context) => optimistic(() => push(input, context)),
    }),
  },
  { resources: { memoryMiB: 512 } },
);

/** One read of everything, one atomic commit: n + 3 reads with the session, n + 1 writes. */
async function push({ groupId, keyEpoch, changes, atomic }: Input, context: SessionContext) {
  const { caller, clock, random } = context;
  const place = resources(groupId);
  const refs = changes.map(({ id }) => place.doc(id));
  const { group, found } = await membership(context, groupId, 'editor', ...refs);
  requireKeyEpoch(group, keyEpoch);

  let { revision } = group.data;
  const results: ChangeResult[] = [];
  const writes: Write[] = [];
  for (const [index, change] of changes.entries()) {
    const next = revision + 1;
    // Random besides the revision: after a restore from a backup revisions are given out again, versions never.
    const version = `${next.toString(36)}-${Buffer.from(random(6)).toString('base64url')}`;
    const stamp = { revision: next, version, keyEpoch, by: caller.accountId, now: clock.now() };
    const { result, write } = judge(change, place.doc(change.id), found[index], stamp);
    results.push(result);
    if (write !== undefined) {
      writes.push(write);
      revision = next;
    }
  }
  if (atomic && results.some(({ status }) => status === 'conflict' || status === 'rejected')) {
    return context.commit({ revision: group.data.revision, results: results.map(aborted) }, []);
  }
  const moved = writes.length === 0 ? [] : [update(group, { revision })];
  return context.commit({ revision, results }, [...moved, ...writes]);
}

/** What would have been written is reported as not written; what stood in its way keeps its verdict. */
function aborted(result: ChangeResult): ChangeResult {
  const kept = result.status === 'conflict' || result.status === 'rejected' || result.status === 'unchanged';
  return kept ? result : { id: result.id, status: 'rejected', version: null, code: 'ATOMIC_ABORTED' };
}
