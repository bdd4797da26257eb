import type * as z from 'zod';
import type { MailTemplate } from '../../../shared/protocol/mail.ts';
import { accountExists } from './account-exists.ts';
import { breachNotice } from './breach-notice.ts';
import { deletionCode } from './deletion-code.ts';
import { emailChange } from './email-change.ts';
import { emailInUse } from './email-in-use.ts';
import { inviteAccepted } from './invite-accepted.ts';
import { inviteConfirmed } from './invite-confirmed.ts';
import { passphraseCode } from './passphrase-code.ts';
import { passphraseReset } from './passphrase-reset.ts';
import { rekeyRequest } from './rekey-request.ts';
import { securityNotice } from './security-notice.ts';
import { teamInvite } from './team-invite.ts';
import type { Template } from './template.ts';
import { verifyEmail } from './verify-email.ts';

/** Every template by its name. To add one: its name in shared/protocol/mail.ts, its file, its line here. */
export const templates = {
  'verify-email': verifyEmail,
  'account-exists': accountExists,
  'passphrase-code': passphraseCode,
  'passphrase-reset': passphraseReset,
  'rekey-request': rekeyRequest,
  'email-change': emailChange,
  'email-in-use': emailInUse,
  'deletion-code': deletionCode,
  'security-notice': securityNotice,
  'breach-notice': breachNotice,
  'team-invite': teamInvite,
  'invite-accepted': inviteAccepted,
  'invite-confirmed': inviteConfirmed,
} satisfies Record<MailTemplate, Template>;

/** What a template needs to be told. */
export type TemplateValues<T extends MailTemplate> = z.input<(typeof templates)[T]['values']>;
