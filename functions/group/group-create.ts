import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { groupCreate as wire } from '../../shared/protocol/group.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { create, type Stored, update, type Write } from '../../shared/store/database.ts';
import { type Group, groups, type Link, links, type ParentClaim, parentClaims } from '../../shared/store/groups.ts';
import { personalTeamOf } from '../../shared/store/teams.ts';
import { teamMembership } from '../team/team-membership.ts';
import { requireKey } from './membership.ts';
import { quotaExceeded } from './quota.ts';

type Input = (typeof wire.input)['_output'];

export const groupCreate = httpFunction('group-create', {
  POST: sessionOperation({
    summary: 'Create a group; its key comes wrapped to the caller, who becomes its admin',
    about:
      'A key of 256 random bits is made by the client, wrapped to its own public key, and sent; the server cannot open it.',
    ...wire,
    success: 201,
    problems: ['TEAM_NOT_FOUND', 'QUOTA_EXCEEDED', 'LINK_NEEDS_REKEY'],
    writes: true,
    handle: (input, context) => optimistic(() => createOrFind(input, context)),
  }),
});

/** Where an account's group for a parent resource is remembered. */
export const claimOf = (accountId: string, parentResourceId: string) =>
  parentClaims.doc(sha256Hex('parent', accountId, parentResourceId));

/** One account has one living group for one parent: two devices, or a reinstall, come to the same. */
async function createOrFind(input: Input, context: SessionContext) {
  const { parentResourceId } = input;
  if (parentResourceId === null) return make(input, context, () => []);
  const ref = claimOf(context.caller.accountId, parentResourceId);
  const [claim] = await context.database.get(ref);
  if (claim === undefined) return make(input, context, (groupId) => [create(ref, { groupId })]);
  const { group, link } = await held(claim, context);
  if (group === undefined || link === undefined || group.data.deletedAt !== null || group.data.lost) {
    return make(input, context, (groupId) => [update(claim, { groupId })]);
  }
  requireKey(link);
  const { name, teamId, keyEpoch, revision } = group.data;
  const { role, encSymmetricKey } = link.data;
  const answer = { id: group.id, name, parentResourceId, teamId, keyEpoch, revision, role, encSymmetricKey };
  return context.commit({ ...answer, existing: true }, []);
}

async function held({ data }: Stored<ParentClaim>, { database, caller }: SessionContext) {
  const [group, link] = await database.get(groups.doc(data.groupId), links(data.groupId).doc(caller.accountId));
  return { group, link };
}

async function make(input: Input, context: SessionContext, claim: (groupId: string) => Write[]) {
  const { name, parentResourceId, encSymmetricKey } = input;
  const id = `grp_${Buffer.from(context.random(16)).toString('hex')}`;
  const { accountId } = context.caller;
  const { teamId = personalTeamOf(accountId) } = input;
  const counted = await oneMoreOf(teamId, context);
  const created = context.clock.now();
  const start = { revision: 0, keyEpoch: 1 };
  const group: Group = {
    ...start,
    name,
    parentResourceId,
    teamId,
    created,
    createdBy: accountId,
    purgedRevision: 0,
    members: 1,
    linkChanges: 0,
    rotationRequired: false,
    lost: false,
    bytes: 0,
    deletedAt: null,
  };
  const link: Link = {
    accountId,
    groupId: id,
    role: 'admin',
    encSymmetricKey,
    keyEpoch: 1,
    state: 'active',
    created,
  };
  const answer = { id, name, parentResourceId, teamId, role: link.role, ...start, encSymmetricKey, existing: false };
  const writes = [...counted, create(groups.doc(id), group), create(links(id).doc(accountId), link), ...claim(id)];
  return context.commit(answer, writes);
}

/**
 * Counts the group, in a team that others can join: what they go out of must fit one commit.
 * @throws Problem `TEAM_NOT_FOUND`, `QUOTA_EXCEEDED`
 */
async function oneMoreOf(teamId: string, context: SessionContext): Promise<Write[]> {
  if (teamId === personalTeamOf(context.caller.accountId)) return [];
  const { team } = await teamMembership(context, teamId, 'member');
  const held = team.data.groups;
  if (held >= limits.teamGroups) throw quotaExceeded('teamGroups', limits.teamGroups, held, 1);
  return [update(team, { groups: held + 1 })];
}
