import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { groupRotateKey as wire } from '../../shared/protocol/group.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { type Stored, set, update, type Write } from '../../shared/store/database.ts';
import { type Link, links, oldKeys } from '../../shared/store/groups.ts';
import { membership, membershipProblems } from './membership.ts';

type Input = (typeof wire.input)['_output'];

export const groupRotateKey = httpFunction('group-rotate-key', {
  POST: sessionOperation({
    summary: 'Replace the group key: wrapped anew for every member, exactly',
    about:
      'The links must name the members that there are now, each once: otherwise somebody was added or removed meanwhile, and nothing is written. What was written stays under its old key: link-keys.',
    ...wire,
    success: 200,
    problems: [...membershipProblems, 'KEY_EPOCH_STALE', 'MEMBERSHIP_CHANGED'],
    writes: true,
    bodyBytes: limits.keysBodyBytes,
    handle: (input, context) => optimistic(() => rotate(input, context)),
  }),
});

async function rotate({ groupId, baseKeyEpoch, links: wrapped }: Input, context: SessionContext) {
  const { group } = await membership(context, groupId, 'admin');
  const { keyEpoch: current, rotationRequired } = group.data;
  if (baseKeyEpoch !== current) {
    const detail = `The group is at key epoch ${current}, not ${baseKeyEpoch}: somebody has rotated already.`;
    throw new Problem('KEY_EPOCH_STALE', detail, { keyEpoch: current, rotationRequired });
  }
  const members = await context.database.list({ collection: links(groupId), where: [] });
  const keys = new Map(wrapped.map(({ accountId, encSymmetricKey }) => [accountId, encSymmetricKey]));
  const keyEpoch = current + 1;
  const rewrapped = requireExactly(members, keys).flatMap(({ link, encSymmetricKey }) => [
    ...keepOldKey(link),
    update(link, { encSymmetricKey, keyEpoch, state: 'active' }),
  ]);
  return context.commit({ keyEpoch }, [
    update(group, { keyEpoch, rotationRequired: false, lost: false }),
    ...rewrapped,
  ]);
}

/** What was written under it stays readable. A key that its member could not open is not worth keeping. */
function keepOldKey({ id, data: { groupId, keyEpoch, encSymmetricKey, state } }: Stored<Link>): Write[] {
  if (state !== 'active') return [];
  return [set(oldKeys(groupId, id).doc(String(keyEpoch)), { groupId, keyEpoch, encSymmetricKey })];
}

function requireExactly(members: readonly Stored<Link>[], keys: ReadonlyMap<string, string>) {
  const named = members.flatMap((link) => {
    const encSymmetricKey = keys.get(link.id);
    return encSymmetricKey === undefined ? [] : [{ link, encSymmetricKey }];
  });
  if (named.length === members.length && named.length === keys.size) return named;
  const ids = new Set(members.map(({ id }) => id));
  const missing = [...ids].filter((id) => !keys.has(id));
  const unexpected = [...keys.keys()].filter((id) => !ids.has(id));
  const detail = `The new key must be wrapped for exactly the group's ${members.length} members.`;
  throw new Problem('MEMBERSHIP_CHANGED', detail, { missing, unexpected });
}
