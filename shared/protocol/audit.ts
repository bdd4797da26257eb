import * as z from 'zod';
import { queryInteger, time } from './fields.ts';
import { limits } from './limits.ts';

/** What an account's owner is told of. */
export const auditEventName = z.enum([
  'session-revoked',
  'sessions-revoked',
  'passphrase-code-sent',
  'passphrase-changed',
  'team-created',
  'team-deleted',
  'team-left',
  'team-member-removed',
  'team-removed',
  'team-role-changed',
  'team-joined',
  'team-access-granted',
  'invite-sent',
  'invite-revoked',
  'invite-accepted',
  'invite-declined',
  'invite-confirmed',
  'passphrase-reset-requested',
  'passphrase-reset',
  'group-key-granted',
  'email-change-started',
  'email-changed',
  'account-exported',
]);
export type AuditEventName = z.infer<typeof auditEventName>;

export const auditList = {
  input: z.object({
    before: queryInteger(1, Number.MAX_SAFE_INTEGER).optional().describe('The `next` of the page before'),
    limit: queryInteger(1, limits.auditEvents).default(limits.auditDefault).describe('At most so many'),
  }),
  output: z.object({
    events: z
      .array(
        z.object({
          event: auditEventName.describe('What happened'),
          at: time,
          sessionId: z.string().nullable().describe('The session that did it, as session-list names it; null for none'),
        }),
      )
      .describe('Newest first'),
    next: z.int().nullable().describe('For `before`; null when there is nothing older'),
  }),
};
