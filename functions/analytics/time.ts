const day = 86_400_000;
/** How long an event may have waited on its device; an older time is taken for a wrong clock. */
const longestWait = 30 * day;

/**
 * When an event happened, in milliseconds since 1970. The client's clock may be wrong, but wrong by as much when it sent
 * the batch: so the same is taken off (as Segment does, https://segment.com/docs/connections/spec/common/#timestamps).
 * Without `sentAt` its word is all there is. What then lies in the future, or further back than an event may have
 * waited, happened when it was received.
 */
export function correctedTime(
  timestamp: string | null | undefined,
  { receivedAt, sentAt }: { readonly receivedAt: number; readonly sentAt: number | undefined },
): number {
  if (timestamp === null || timestamp === undefined) return receivedAt;
  const skew = sentAt === undefined ? 0 : receivedAt - sentAt;
  const happened = Date.parse(timestamp) + skew;
  return happened > receivedAt || happened < receivedAt - longestWait ? receivedAt : happened;
}

/** The day in UTC, `2026-01-31`. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
