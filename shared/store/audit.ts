import type { AuditEventName } from '../protocol/audit.ts';
import { type Collection, collection } from './database.ts';

/** Something that happened to an account's safety, for its owner to read. */
export interface AuditEvent {
  readonly event: AuditEventName;
  readonly at: number;
  /** `at`, and random bits behind it so that no two events share one: pages are cut by it. */
  readonly place: number;
  /** The session it came from; null where there was none. */
  readonly sessionId: string | null;
  readonly expiresAt: Date;
}

export const auditEvents = (accountId: string): Collection<AuditEvent> =>
  collection<AuditEvent>(`accounts/${accountId}/audit`);
