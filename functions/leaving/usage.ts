import { type AnalyticsPreference, analyticsEvents, analyticsPreferences } from '../../shared/store/analytics.ts';
import { erase, type Stored, set, type Write } from '../../shared/store/database.ts';
import { settledAfter } from '../analytics/erasure.ts';
import { subjects } from '../analytics/subject.ts';
import type { Owner, Pages, Store } from './holding.ts';
import { existing, paged } from './paged.ts';

const day = 86_400_000;
/** A day longer than Pub/Sub keeps a message: until then an event of the account may still come. */
const mayStillCome = 8 * day;

/** Usage events that were sent in the account's name. */
export async function* eventsOf({ accountId }: Owner, { database, sealer }: Store): Pages<object> {
  const userId = await subjects(sealer).userId(accountId);
  yield* paged(database, { collection: analyticsEvents, where: [['userId', '==', userId]] });
}

/** What the account has chosen about them; once it is deleted, as long as that has still to be turned into a no. */
export async function* choiceOf({ accountId, until }: Owner, { database, sealer }: Store): Pages<AnalyticsPreference> {
  const id = await subjects(sealer).userId(accountId);
  for await (const page of existing(database, [analyticsPreferences.doc(id)])) {
    yield page.filter(({ data }) => until === undefined || (data.forgottenUntil ?? 0) < until);
  }
}

/** Nothing of the account is stored any more, wherever it comes from; the no goes by itself when nothing can come. */
export async function forgetUsage(
  rows: readonly Stored<object>[],
  { accountId, until }: Owner,
  { clock, sealer }: Store,
): Promise<Write[]> {
  const now = clock.now();
  const choice = analyticsPreferences.doc(await subjects(sealer).userId(accountId));
  const forgotten: AnalyticsPreference = {
    choice: 'off',
    chosen: now,
    field: 'userId',
    forgottenUntil: Math.max(now, until ?? 0),
    erasureDue: now + settledAfter,
    expiresAt: new Date(now + mayStillCome),
  };
  return [
    ...rows
      .map(({ ref }) => ref)
      .filter(({ path }) => path !== choice.path)
      .map(erase),
    set(choice, forgotten),
  ];
}
