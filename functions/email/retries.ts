/** When a mail that the mail server did not take is tried again: 1, 2, 4 … minutes later, then every 4 hours, for a day. */
export const retries = { firstWaitMs: 60_000, factor: 2, longestWaitMs: 4 * 3_600_000, mostAttempts: 14 } as const;

/**
 * How long an attempt has a mail to itself. Longer than the function may run (60 s), and so than any attempt: whoever
 * finds it run out finds a dead one.
 */
export const leaseMs = 120_000;

/** Then a wake-up that has not led to an attempt is taken for lost. */
export const lostAfterMs = 120_000;

/** The wait after this many failed attempts; `undefined` when that was the last. */
export function waitAfter(attempts: number): number | undefined {
  const { firstWaitMs, factor, longestWaitMs, mostAttempts } = retries;
  if (attempts >= mostAttempts) return undefined;
  return Math.min(longestWaitMs, firstWaitMs * factor ** (attempts - 1));
}
