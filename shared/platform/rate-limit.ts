import { Problem } from '../protocol/problems.ts';
import type { RateRule } from '../protocol/rate-rules.ts';
import { type Database, increment, type Ref, type Write } from '../store/database.ts';
import { type RateWindow, rateWindows } from '../store/rate-limits.ts';
import { sha256Hex } from './hash.ts';

export interface RateCharge {
  readonly rule: RateRule;
  /** The window's document: read it after the write has committed. */
  readonly window: Ref<RateWindow>;
  readonly write: Write;
  readonly windowEnds: number;
}

/**
 * Counts one call: first written, then read, so that parallel calls can never slip through together.
 * Windows are fixed; each is a document of its own, so a new window costs no reset.
 */
export function charge(rule: RateRule, subject: string, now: number): RateCharge {
  const windowMs = rule.windowSeconds * 1000;
  const index = Math.floor(now / windowMs);
  const windowEnds = (index + 1) * windowMs;
  const window = rateWindows.doc(sha256Hex(rule.name, subject, String(index)));
  return { rule, window, windowEnds, write: increment(window, 'count', 1, { expiresAt: new Date(windowEnds) }) };
}

/** @throws Problem `RATE_LIMITED` when this call was one too many */
export function admit({ rule, windowEnds }: RateCharge, count: number, now: number): void {
  if (count <= rule.limit) return;
  const retryAfter = Math.max(1, Math.ceil((windowEnds - now) / 1000));
  const detail = `At most ${rule.limit} calls in ${rule.windowSeconds} seconds. Try again in ${retryAfter} seconds.`;
  throw new Problem('RATE_LIMITED', detail, {
    rule: rule.name,
    limit: rule.limit,
    windowSeconds: rule.windowSeconds,
    retryAfter,
  });
}

/** Charges several rules at once: one commit, one read a rule. */
export async function enforce(database: Database, charges: readonly RateCharge[], now: number): Promise<void> {
  if (charges.length === 0) return;
  await database.commit(charges.map(({ write }) => write));
  const windows = await database.get(...charges.map(({ window }) => window));
  for (const [index, each] of charges.entries()) admit(each, windows[index]?.data.count ?? 0, now);
}
