import type { Context } from '../../shared/platform/context.ts';
import { type AnalyticsPreference, analyticsPreferences } from '../../shared/store/analytics.ts';
import type { EventRow } from './row.ts';

type About = Pick<EventRow, 'userId' | 'anonymousId' | 'receivedAt'>;

/**
 * Reads what those that events are about have chosen, each once.
 * @returns whether an event may be kept: both its account and its device must allow it, and not have been forgotten since
 */
export async function readChoices(
  events: readonly About[],
  { database, settings }: Pick<Context, 'database' | 'settings'>,
) {
  const ids = [...new Set(events.flatMap(({ userId, anonymousId }) => [userId, anonymousId]))].filter(
    (id) => id !== undefined,
  );
  const found = await database.get(...ids.map((id) => analyticsPreferences.doc(id)));
  const choices = new Map(ids.map((id, index) => [id, found[index]?.data]));
  const allows = (id: string | undefined, fallback: 'on' | 'off', receivedAt: number) => {
    if (id === undefined) return true;
    const preference: AnalyticsPreference | undefined = choices.get(id);
    return (preference?.choice ?? fallback) === 'on' && receivedAt > (preference?.forgottenUntil ?? 0);
  };
  // A device without an account chooses in the app, which then sends nothing; one that says so here is not heard either.
  return ({ userId, anonymousId, receivedAt }: About): boolean =>
    allows(userId, settings.analyticsDefault, Date.parse(receivedAt)) &&
    allows(anonymousId, 'on', Date.parse(receivedAt));
}
