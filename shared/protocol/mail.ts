import * as z from 'zod';
import { accountId, counts, queryInteger, time } from './fields.ts';
import { limits } from './limits.ts';

/** Every mail there is. Each has a file of its name in functions/email/templates. */
export const mailTemplates = [
  'verify-email',
  'account-exists',
  'passphrase-code',
  'passphrase-reset',
  'rekey-request',
  'email-change',
  'email-in-use',
  'deletion-code',
  'security-notice',
  'breach-notice',
  'team-invite',
  'invite-accepted',
  'invite-confirmed',
] as const;
export type MailTemplate = (typeof mailTemplates)[number];

export const mailStates = ['queued', 'sending', 'failed', 'sent', 'dead'] as const;
export type MailState = (typeof mailStates)[number];

const state = z.enum(mailStates).describe('What has become of the mail');
const template = z.enum(mailTemplates).describe('Which mail it is');

const counted: Readonly<Record<MailState, string>> = {
  queued: 'Mails that wait for their first attempt, or for one somebody asked for',
  sending: 'Mails of which an attempt runs',
  failed: 'Mails of which an attempt did not succeed: another follows',
  sent: 'Mails that the mail server has taken',
  dead: 'Mails that were given up, until they are replayed',
};
const byState = counts(counted).describe('How many are in which state');

export const mailId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, { message: 'must be the id of a mail (32 lower-case hex characters)' })
  .describe('The mail');

export const noticeId = z
  .string()
  .regex(/^ntc_[0-9a-f]{32}$/, { message: 'must be a notice id (ntc_ and 32 hex characters)' })
  .describe('The notice');

const page = {
  after: mailId.optional().describe('The `next` of the page before'),
  limit: queryInteger(1, limits.mailPage).default(limits.mailPage).describe('At most so many'),
};

const reason = z
  .string()
  .nullable()
  .describe('Why the last attempt failed, in the mail server’s words, less the addresses in them');
const nextAttempt = time.nullable().describe('When the next attempt is due: milliseconds since 1970; null for none');
const next = mailId.nullable().describe('For `after`; null when that was all');

/** One mail as operators see it. */
const operatorsMail = z.object({
  messageId: mailId,
  recipient: z
    .string()
    .describe('First 16 hex characters of the SHA-256 of the address: known again by who knows the address'),
  template,
  state,
  attempts: z.int().describe('How often it was tried'),
  reason,
  created: time,
  nextAttempt,
});

export const emailStatus = {
  input: z.object({ state: state.default('dead').describe('Which mails are listed'), ...page }),
  output: z.object({
    counts: byState,
    oldestQueued: time.nullable().describe('When the oldest mail that is `queued` was queued'),
    oldestFailed: time.nullable().describe('When the oldest mail that is `failed` was queued'),
    messages: z.array(operatorsMail).describe('The mails in the state that was asked for'),
    next,
  }),
};

/** Strict: with a misspelt `messageId` it would replay them all. */
export const emailReplay = {
  input: z.strictObject({
    messageId: mailId.optional().describe('Only this one'),
    state: z.enum(['dead', 'failed']).default('dead').describe('Which mails are tried again'),
  }),
  output: z.object({
    replayed: z.int().describe('How many wait for an attempt now'),
    more: z.boolean().describe('There are further ones: call again'),
  }),
};

export const sessionMails = {
  input: z.object({}),
  output: z.object({
    mails: z
      .array(
        z.object({
          template,
          state,
          reason,
          created: time,
          ended: time.nullable().describe('When it was sent or given up: milliseconds since 1970'),
          nextAttempt,
        }),
      )
      .describe('Newest first'),
  }),
};

const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), {
      message: 'must be well-formed Unicode without control characters and line ends',
    });

export const noticeText = z.object({
  subject: line(limits.noticeSubjectCharacters).describe('Subject of the mail'),
  paragraphs: z
    .array(line(limits.noticeParagraphCharacters))
    .min(1)
    .max(limits.noticeParagraphs)
    .describe('Text of the mail: what has happened, and what to do'),
});

const recipients = z.int().describe('How many accounts get it');

export const breachNoticeStart = {
  input: z.strictObject({
    ...noticeText.shape,
    audience: z
      .union([z.literal('all'), z.array(accountId).min(1).max(limits.noticeAccounts)], {
        error: `must be "all" or a list of 1 to ${limits.noticeAccounts} account ids`,
      })
      .describe('Who gets it: `all`, or these accounts'),
    dryRun: z.boolean().default(true).describe('Only says who would get what'),
  }),
  output: z.object({
    noticeId: noticeId.nullable().describe('The notice; null for a dry run, of which nothing is kept'),
    recipients,
    unreachable: z.array(accountId).describe('Accounts that were named and have no verified address, or do not exist'),
    dryRun: z.boolean().describe('As asked'),
    preview: z
      .object({ subject: z.string().describe('Its subject'), text: z.string().describe('Its text') })
      .describe('What each of them gets'),
  }),
};

export const breachNoticeStatus = {
  input: z.object({ noticeId, ...page }),
  output: z.object({
    noticeId,
    subject: z.string().describe('Subject of the mail'),
    created: time,
    finished: time.nullable().describe('When the last recipient’s mail was queued: milliseconds since 1970'),
    recipients,
    counts: byState
      .extend({ pending: z.int().describe('Recipients whose mail is not queued yet') })
      .describe('How many are in which state'),
    mails: z.array(operatorsMail).describe('The mails of the notice'),
    next,
  }),
};
