import { sha256Hex } from '../../shared/platform/hash.ts';
import type { Database, Write } from '../../shared/store/database.ts';
import { create, update } from '../../shared/store/database.ts';
import { rateWindows } from '../../shared/store/rate-limits.ts';

/** Mails that notices add to the outbox: together in a minute, and in one commit. */
export const pace = { mailsPerMinute: 100, mailsPerCommit: 25 } as const;

const minuteMs = 60_000;

/** What is left of this minute, over all notices and runs, and the write that takes from it. */
export async function roomOf(database: Database, now: number) {
  const minute = Math.floor(now / minuteMs);
  const ref = rateWindows.doc(sha256Hex('breach notice mails', String(minute)));
  const [window] = await database.get(ref);
  const used = window?.data.count ?? 0;
  const take = (mails: number): Write => {
    const count = used + mails;
    if (window !== undefined) return update(window, { count });
    return create(ref, { count, expiresAt: new Date((minute + 1) * minuteMs) });
  };
  return { left: pace.mailsPerMinute - used, take };
}
