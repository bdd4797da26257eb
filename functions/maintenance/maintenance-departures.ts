import type { Context } from '../../shared/platform/context.ts';
import { scheduledFunction } from '../../shared/platform/definition.ts';
import { departures } from '../../shared/store/departures.ts';
import { eraseSome, none } from '../leaving/erasure.ts';
import { inPasses } from './in-passes.ts';

export const maintenanceDepartures = scheduledFunction('maintenance-departures', {
  schedule: '*/10 * * * *',
  summary: 'Erase what is left of deleted accounts and of the groups that go with them',
  secrets: ['analytics-id-key'],
  run: (context) => inPasses(none, () => pass(context)),
});

/** A step for the account that has waited longest. One that must wait for its mail is looked at again later. */
async function pass(context: Context) {
  const [departure] = await context.database.list({
    collection: departures,
    where: [['wakeAt', '<=', context.clock.now()]],
    orderBy: 'wakeAt',
    limit: 1,
  });
  return departure && eraseSome(departure, context);
}
