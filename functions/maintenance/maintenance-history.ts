import type { Context } from '../../shared/platform/context.ts';
import { scheduledFunction } from '../../shared/platform/definition.ts';
import { retention } from '../../shared/platform/settings.ts';
import { CommitConflict } from '../../shared/store/database.ts';
import { allVersions } from '../../shared/store/resources.ts';
import { add, inPasses } from './in-passes.ts';
import { type DueVersion, dueFields, none, sweepVersions } from './sweep-versions.ts';

/** Versions a pass takes: the commit of one group holds that many deletions at most, and as many small updates. */
const versionsPerPass = 200;

export const maintenanceHistory = scheduledFunction('maintenance-history', {
  schedule: '41 * * * *',
  summary:
    'Let go of versions that were replaced, and of resources that were removed, longer ago than the retention time',
  run: (context) => inPasses(none, () => pass(context)),
});

async function pass(context: Context) {
  const due = await context.database.list({
    collection: allVersions,
    everywhere: true,
    where: [['unsweptSince', '<=', context.clock.now() - retention(context.settings)]],
    orderBy: 'unsweptSince',
    limit: versionsPerPass,
    fields: dueFields,
  });
  if (due.length === 0) return undefined;
  let counts = none;
  for (const [groupId, versions] of Map.groupBy(due, ({ data }) => data.groupId)) {
    counts = add(counts, await sweepGroup(groupId, versions, context));
  }
  return counts;
}

/** Whoever is writing to the group goes first: the next pass finds the same versions again. */
async function sweepGroup(groupId: string, due: readonly DueVersion[], context: Context) {
  try {
    return await sweepVersions(groupId, due, context);
  } catch (error) {
    if (error instanceof CommitConflict) return none;
    throw error;
  }
}
