import { Problem } from '../protocol/problems.ts';
import type { RateMode, RateRule, RateSubject } from '../protocol/rate-rules.ts';
import { increment, type Ref, type Write } from '../store/database.ts';
import { type RateWindow, rateWindows } from '../store/rate-limits.ts';
import type { CallContext } from './context.ts';
import { sha256Hex } from './hash.ts';
import { optimistic } from './optimistic.ts';
import type { Settings } from './settings.ts';

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

/**
 * Charges several rules: a write and a read each, no more. Those by network come first, and a call they refuse is not
 * counted by the others: so one network can neither make more documents than its limit in a window, nor use up the
 * allowance of an address that is not its own any further.
 * @throws Problem `RATE_LIMITED` when this call was one too many
 */
export async function enforce(charges: readonly RateCharge[], context: CallContext): Promise<void> {
  await chargeTogether(
    charges.filter(({ rule }) => rule.by === 'address'),
    context,
  );
  await chargeTogether(
    charges.filter(({ rule }) => rule.by !== 'address'),
    context,
  );
}

async function chargeTogether(charges: readonly RateCharge[], context: CallContext): Promise<void> {
  if (charges.length === 0) return;
  const { database } = context;
  // Many at once on one counter can be turned away by the store itself; nothing was counted then.
  await optimistic(() => database.commit(charges.map(({ write }) => write)));
  const windows = await database.get(...charges.map(({ window }) => window));
  for (const [index, { rule, windowEnds }] of charges.entries()) {
    const count = windows[index]?.data.count ?? 0;
    if (count > rule.limit) exceed(rule, windowEnds, context);
  }
}

export const modeOf = ({ name }: RateRule, { reportedRules }: Pick<Settings, 'reportedRules'>): RateMode =>
  reportedRules.includes(name) ? 'report' : 'enforce';

/**
 * This call is more than a rule allows: refuses it, or where the rule only reports, lets it go on. The log names the
 * rule either way.
 * @param until when the same call will be let through again, if the caller keeps still
 * @throws Problem `RATE_LIMITED`
 */
export function exceed(
  rule: RateRule,
  until: number,
  { settings, log, clock, requestId }: Pick<CallContext, 'settings' | 'log' | 'clock' | 'requestId'>,
): void {
  const mode = modeOf(rule, settings);
  const retryAfter = Math.max(1, Math.ceil((until - clock.now()) / 1000));
  const { name, limit, windowSeconds } = rule;
  log.write('NOTICE', `rate rule exceeded: ${name}`, {
    rule: name,
    by: rule.by,
    limit,
    windowSeconds,
    mode,
    requestId,
  });
  if (mode === 'report') return;
  const detail = `Too many ${rule.counts} ${subjectWords[rule.by]}: at most ${limit} in ${inWords(windowSeconds)}. Try again in ${inWords(retryAfter)}.`;
  throw new Problem('RATE_LIMITED', detail, { rule: name, limit, windowSeconds, retryAfter });
}

const subjectWords: Readonly<Record<RateSubject, string>> = {
  address: 'from your network',
  account: 'by your account',
  email: 'for this e-mail address',
  'email+address': 'for this e-mail address from your network',
};

/** 90 → `90 seconds`, 900 → `15 minutes`: rounded up, so that waiting as long is enough. */
function inWords(seconds: number): string {
  if (seconds < 120) return counted(seconds, 'second');
  if (seconds < 7200 && seconds !== 3600) return counted(Math.ceil(seconds / 60), 'minute');
  return counted(Math.ceil(seconds / 3600), 'hour');
}

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
