import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { retention } from '../../shared/platform/settings.ts';
import { groupList as wire } from '../../shared/protocol/group.ts';
import type { Stored } from '../../shared/store/database.ts';
import { type Group, groups } from '../../shared/store/groups.ts';
import { byName } from './by-name.ts';
import { grantorsByGroup } from './grantors.ts';
import { linksOf } from './links-of.ts';
import { teamGroupsOf, waitingGroups } from './team-groups.ts';

type Input = (typeof wire.input)['_output'];

export const groupList = httpFunction('group-list', {
  GET: sessionOperation({
    summary: "The caller's groups, each with its key wrapped to the caller, and those of its teams that wait for a key",
    ...wire,
    success: 200,
    handle: list,
  }),
});

/**
 * Reads a document for each link of the caller, each team it is in, each group of those teams and each linked group
 * besides, and for every group that waits for a key some of those who can grant it.
 */
async function list({ deleted }: Input, context: SessionContext) {
  const { caller, database } = context;
  const [mine, ofTeams] = await Promise.all([linksOf(database, caller.accountId), teamGroupsOf(context)]);
  const known = new Map(ofTeams.map((group) => [group.id, group]));
  const others = mine.map(({ data }) => data.groupId).filter((id) => !known.has(id));
  for (const group of await database.get(...others.map((id) => groups.doc(id)))) {
    if (group !== undefined) known.set(group.id, group);
  }
  const isWanted = ({ data }: Stored<Group>) => (data.deletedAt !== null) === (deleted === 'true');
  const linked = mine.flatMap((link) => {
    const group = known.get(link.data.groupId);
    return group === undefined || !isWanted(group) ? [] : [{ group, link }];
  });
  const lostKeys = linked.filter(({ link }) => link.data.state !== 'active').map(({ group }) => group);
  const granting = await grantorsByGroup(lostKeys, database);
  const listed = linked.map(({ group, link: { data: link } }) => {
    const { role, encSymmetricKey, state: linkState, keyEpoch } = link;
    const { deletedAt, lost } = group.data;
    const gone = deletedAt === null ? {} : { deletedAt, restorableUntil: deletedAt + retention(context.settings) };
    const grantedBy = granting.get(group.id);
    const waits = grantedBy === undefined ? {} : { lost, grantedBy };
    return { ...headOf(group), role, keyEpoch, encSymmetricKey, linkState, ...waits, ...gone };
  });
  const has = new Set(mine.map(({ data }) => data.groupId));
  const without = ofTeams.filter((group) => group.data.deletedAt === null && !has.has(group.id));
  const waiting = deleted === 'true' ? [] : await waitingGroups(without, context);
  const shown = waiting.map(({ group, grantedBy }) => {
    const { keyEpoch } = group.data;
    return { ...headOf(group), keyEpoch, linkState: 'waiting-for-key' as const, grantedBy };
  });
  const all = [...listed, ...shown];
  return { groups: all.sort(byName) };
}

function headOf({ id, data }: Stored<Group>) {
  const { name, parentResourceId, teamId, revision, rotationRequired } = data;
  return { id, name, parentResourceId, teamId, revision, rotationRequired };
}
