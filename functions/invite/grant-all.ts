import type { SessionContext } from '../../shared/platform/context.ts';
import type { inviteConfirm } from '../../shared/protocol/invite.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import type { TeamRole } from '../../shared/protocol/team.ts';
import type { Write } from '../../shared/store/database.ts';
import { groups, links } from '../../shared/store/groups.ts';
import { grantKey } from '../link/grant-key.ts';

interface Grants {
  readonly teamId: string;
  readonly accountId: string;
  readonly role: TeamRole;
  readonly grants: (typeof inviteConfirm.input)['_output']['links'];
}

/**
 * The writes that give one account keys of groups of one team, each of which the caller has the key of. A group it has
 * a key to by now counts as granted.
 * @throws Problem `GROUP_NOT_FOUND`, `KEY_NOT_GRANTED`, `LINK_NEEDS_REKEY`, `KEY_EPOCH_STALE`, `QUOTA_EXCEEDED`, each with the `groupId`
 */
export async function grantAll({ teamId, accountId, role, grants }: Grants, context: SessionContext) {
  const { database, caller, clock } = context;
  const ofTeam = await database.list({ collection: groups, where: [['teamId', '==', teamId]] });
  const living = ofTeam.filter(({ data }) => data.deletedAt === null);
  const [own, theirs] = await Promise.all([
    database.get(...grants.map(({ groupId }) => links(groupId).doc(caller.accountId))),
    database.get(...living.map(({ id }) => links(id).doc(accountId))),
  ]);
  const linkOf = new Map(living.map(({ id }, index) => [id, theirs[index]]));
  const groupOf = new Map(living.map((group) => [group.id, group]));
  const has = new Set(living.filter(({ id }) => linkOf.get(id)?.data.state === 'active').map(({ id }) => id));
  const granted: string[] = [];
  const writes: Write[] = [];
  for (const [index, grant] of grants.entries()) {
    const { groupId } = grant;
    const group = groupOf.get(groupId);
    if (group === undefined) throw new Problem('GROUP_NOT_FOUND', 'The team has no such group.', { groupId });
    const link = own[index];
    if (link === undefined) {
      throw new Problem('KEY_NOT_GRANTED', 'You have no key to this group yourself.', { groupId });
    }
    granted.push(groupId);
    if (has.has(groupId)) continue;
    const groupRole = grant.role ?? (role === 'admin' ? 'admin' : 'editor');
    const whole = { ...grant, accountId, role: groupRole, path: `/links/${index}` };
    writes.push(...grantKey({ group, link }, linkOf.get(groupId), whole, clock.now()));
    has.add(groupId);
  }
  return { writes, granted, waiting: living.filter(({ id }) => !has.has(id)).map(({ id }) => id) };
}
