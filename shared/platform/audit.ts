import type { AuditEventName } from '../protocol/audit.ts';
import { lifetimes } from '../protocol/limits.ts';
import { auditEvents } from '../store/audit.ts';
import { type CreateWrite, create } from '../store/database.ts';
import type { Context } from './context.ts';

/** As many as leave a time of this millennium a safe integer. */
const placesPerMs = 4096;

/** For the commit that it tells of: the event is on record exactly if it happened. */
export function audit(
  { clock, random, caller }: Pick<Context, 'clock' | 'random' | 'caller'>,
  accountId: string,
  event: AuditEventName,
): CreateWrite {
  const at = clock.now();
  const sessionId = caller?.sessionId ?? null;
  const bits = Buffer.from(random(16));
  const place = at * placesPerMs + (bits.readUInt16BE() % placesPerMs);
  const told = { event, at, place, sessionId, expiresAt: new Date(at + lifetimes.auditEvent) };
  return create(auditEvents(accountId).doc(bits.toString('hex')), told);
}
