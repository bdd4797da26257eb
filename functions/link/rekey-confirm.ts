import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { rekeyConfirm as wire } from '../../shared/protocol/group.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { type Stored, update, type Write } from '../../shared/store/database.ts';
import { type Group, links } from '../../shared/store/groups.ts';
import { grantors, standings } from '../group/grantors.ts';
import { membership, membershipProblems, requireKeyEpoch } from '../group/membership.ts';
import { requireLink } from '../group/remove-member.ts';
import { wrappedOldKeys } from './old-keys.ts';

type Item = (typeof wire.input)['_output']['items'][number];

export const rekeyConfirm = httpFunction('rekey-confirm', {
  POST: sessionOperation({
    summary: 'Grant group keys to members whose keys are new: all of these, or none',
    about: 'Compare each fingerprint with its owner first.',
    ...wire,
    success: 200,
    problems: [...membershipProblems, 'KEY_EPOCH_STALE', 'LINK_NOT_FOUND', 'REKEY_NOT_NEEDED', 'KEYS_CHANGED'],
    writes: true,
    bodyBytes: limits.keysBodyBytes,
    handle: ({ items }, context) => optimistic(() => grant(items, context)),
  }),
});

async function grant(items: readonly Item[], context: SessionContext) {
  const granted = await Promise.all(items.map((item, index) => grantOne(item, `/items/${index}`, context)));
  const touched = new Map(granted.map(({ group }) => [group.id, group]));
  const told = new Set(items.map(({ accountId }) => accountId));
  return context.commit({ granted: items.length }, [
    ...[...touched.values()].map((group) => update(group, { linkChanges: group.data.linkChanges + 1 })),
    ...granted.flatMap(({ writes }) => writes),
    ...[...told].map((accountId) => audit(context, accountId, 'group-key-granted')),
  ]);
}

async function grantOne(
  item: Item,
  at: string,
  context: SessionContext,
): Promise<{ group: Stored<Group>; writes: Write[] }> {
  const { groupId, accountId, generation, keyEpoch, encSymmetricKey } = item;
  const wanted = [links(groupId).doc(accountId), accounts.doc(accountId)] as const;
  const { group, link: own, found } = await membership(context, groupId, 'viewer', ...wanted);
  const members = await standings(context.database, group);
  requireKeyEpoch({ group, link: own }, keyEpoch);
  if (!grantors(members).some(({ id }) => id === context.caller.accountId)) {
    const detail = 'The admins of the group who hold its key grant it.';
    throw new Problem('ROLE_REQUIRED', detail, { groupId, required: 'admin', role: own.data.role });
  }
  const link = requireLink(found[0], accountId);
  if (link.data.state === 'active') {
    throw new Problem('REKEY_NOT_NEEDED', 'The member holds the key of the group already.', { groupId, accountId });
  }
  if (found[1]?.data.generation !== generation) {
    const detail = 'The keys of that account are newer than those the group key was wrapped to.';
    throw new Problem('KEYS_CHANGED', detail, { groupId, accountId });
  }
  return { group, writes: [update(link, { encSymmetricKey, keyEpoch, state: 'active' }), ...wrappedOldKeys(item, at)] };
}
