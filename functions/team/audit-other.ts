import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import type { AuditEventName } from '../../shared/protocol/audit.ts';
import type { Write } from '../../shared/store/database.ts';

/** For the record of an account to which the caller has done something: the caller's session is nothing it should know. */
export function auditOther({ caller, ...context }: SessionContext, accountId: string, event: AuditEventName): Write[] {
  return accountId === caller.accountId ? [] : [audit(context, accountId, event)];
}
