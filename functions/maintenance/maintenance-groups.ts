import type { Context } from '../../shared/platform/context.ts';
import { scheduledFunction } from '../../shared/platform/definition.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { retention } from '../../shared/platform/settings.ts';
import { blobs } from '../../shared/store/blobs.ts';
import { erase, remove, type Stored, update, type Write } from '../../shared/store/database.ts';
import { allOldKeys, type Group, groups, links } from '../../shared/store/groups.ts';
import { allVersions, resources } from '../../shared/store/resources.ts';
import { teams } from '../../shared/store/teams.ts';
import { removal } from '../blob/removal.ts';
import { claimOf } from '../group/group-create.ts';
import { inPasses } from './in-passes.ts';

/** Documents a pass deletes in one commit. */
const documentsPerPass = 300;

const none = { groups: 0, documents: 0 };

export const maintenanceGroups = scheduledFunction('maintenance-groups', {
  schedule: '53 * * * *',
  summary: 'Purge groups that were deleted longer ago than the retention time, with all that is in them',
  run: (context) => inPasses(none, () => pass(context)),
});

/** Some documents of the group deleted longest ago. The group itself goes last, so that a killed run is found again. */
async function pass(context: Context) {
  const { database, clock, settings } = context;
  const where = [['deletedAt', '<=', clock.now() - retention(settings)]] as const;
  const [group] = await database.list({ collection: groups, where, orderBy: 'deletedAt', limit: 1 });
  if (group === undefined) return undefined;
  const inside = await someInside(group.id, context);
  if (inside.length > 0) {
    await database.commit(inside);
    return { groups: 0, documents: inside.length };
  }
  await optimistic(() => forget(group.id, context));
  return { groups: 1, documents: 1 };
}

/** The group, where it was remembered, and its place among the groups of its team: once, whoever else runs. */
async function forget(groupId: string, context: Context): Promise<void> {
  const { database } = context;
  const [group] = await database.get(groups.doc(groupId));
  if (group === undefined) return;
  const [team] = await database.get(teams.doc(group.data.teamId));
  const counted = team === undefined || team.data.personal ? [] : [update(team, { groups: team.data.groups - 1 })];
  await database.commit([remove(group), ...counted, ...(await releaseClaim(group, context))]);
}

/** Deletions of some of what lies in the group; none when it is empty. */
export async function someInside(id: string, context: Context): Promise<Write[]> {
  const { database } = context;
  const where = [['groupId', '==', id]] as const;
  const page = { limit: documentsPerPass, where };
  const kinds = [
    () => database.list({ collection: allVersions, everywhere: true, fields: ['groupId'], ...page }),
    () => database.list({ collection: resources(id), fields: ['revision'], ...page, where: [] }),
    () => database.list({ collection: allOldKeys, everywhere: true, fields: ['groupId'], ...page }),
    () => database.list({ collection: links(id), fields: ['groupId'], ...page }),
  ];
  for (const kind of kinds) {
    const found = await kind();
    if (found.length > 0) return found.map(({ ref }) => erase(ref));
  }
  const stored = await database.list({ collection: blobs(id), where: [], limit: 10 });
  return stored.flatMap((blob) => removal(blob, undefined));
}

/** The parent resource is free again, if it was this group that had it. */
export async function releaseClaim({ id, data }: Stored<Group>, { database }: Context): Promise<Write[]> {
  const { parentResourceId, createdBy } = data;
  if (parentResourceId === null) return [];
  const ref = claimOf(createdBy, parentResourceId);
  const [claim] = await database.get(ref);
  return claim?.data.groupId === id ? [erase(ref)] : [];
}
