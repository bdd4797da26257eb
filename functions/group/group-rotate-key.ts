import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { groupRotateKey as wire } from '../../shared/protocol/group.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { type Stored, update } from '../../shared/store/database.ts';
import { type Link, links } from '../../shared/store/groups.ts';
import { membership } from './membership.ts';

type Input = (typeof wire.input)['_output'];

export const groupRotateKey = httpFunction('group-rotate-key', {
  POST: sessionOperation({
    summary: 'Replace the group key: wrapped anew for every member, exactly',
    ...wire,
    success: 200,
    problems: ['GROUP_NOT_FOUND', 'ROLE_REQUIRED', 'KEY_EPOCH_STALE', 'MEMBERSHIP_CHANGED'],
    writes: true,
    bodyBytes: 256 * 1024,
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
  const rewrapped = requireExactly(members, keys).map(({ link, encSymmetricKey }) =>
    update(link, { encSymmetricKey, keyEpoch, state: 'active' as const }),
  );
  return context.commit({ keyEpoch }, [update(group, { keyEpoch, rotationRequired: false }), ...rewrapped]);
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
