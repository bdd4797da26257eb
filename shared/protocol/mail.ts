import * as z from 'zod';
import { accountId, queryInteger, time } from './fields.ts';
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

/**
 * `queued`: waits for its first attempt, or for one somebody asked for. `sending`: an attempt runs. `failed`: an attempt
 * did not succeed, another follows. `sent`: the mail server has taken it. `dead`: given up, until it is replayed.
 */
export const mailStates = ['queued', 'sending', 'failed', 'sent', 'dead'] as const;
export type MailState = (typeof mailStates)[number];

const state = z.enum(mailStates);
const template = z.enum(mailTemplates);
const byState = z.object(Object.fromEntries(mailStates.map((each) => [each, z.int()])) as Record<MailState, z.ZodInt>);

export const mailId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, { message: 'must be the id of a mail (32 lower-case hex characters)' });

export const noticeId = z
  .string()
  .regex(/^ntc_[0-9a-f]{32}$/, { message: 'must be a notice id (ntc_ and 32 hex characters)' });

const page = {
  /** Only what comes after this one: the `next` of the page before. */
  after: mailId.optional(),
  limit: queryInteger(1, limits.mailPage).default(limits.mailPage),
};

/** One mail as operators see it. */
const operatorsMail = z.object({
  messageId: mailId,
  /** The first 16 hex characters of the SHA-256 of the address: known again by who knows the address. */
  recipient: z.string(),
  template,
  state,
  attempts: z.int(),
  /** Why the last attempt failed, in the mail server's words, less the addresses in them. */
  reason: z.string().nullable(),
  created: time,
  /** When the next attempt is due. */
  nextAttempt: time.nullable(),
});

export const emailStatus = {
  input: z.object({ state: state.default('dead'), ...page }),
  output: z.object({
    counts: byState,
    /** When the oldest mail in this state was queued. */
    oldestQueued: time.nullable(),
    oldestFailed: time.nullable(),
    messages: z.array(operatorsMail),
    next: mailId.nullable(),
  }),
};

/** Strict: with a misspelt `messageId` it would replay them all. */
export const emailReplay = {
  input: z.strictObject({ messageId: mailId.optional(), state: z.enum(['dead', 'failed']).default('dead') }),
  output: z.object({
    replayed: z.int(),
    /** There are further ones: call again. */
    more: z.boolean(),
  }),
};

export const sessionMails = {
  input: z.object({}),
  output: z.object({
    mails: z.array(
      z.object({
        template,
        state,
        reason: z.string().nullable(),
        created: time,
        /** When it was sent or given up. */
        ended: time.nullable(),
        nextAttempt: time.nullable(),
      }),
    ),
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
  subject: line(limits.noticeSubjectCharacters),
  paragraphs: z.array(line(limits.noticeParagraphCharacters)).min(1).max(limits.noticeParagraphs),
});

export const breachNoticeStart = {
  input: z.strictObject({
    ...noticeText.shape,
    audience: z.union([z.literal('all'), z.array(accountId).min(1).max(limits.noticeAccounts)], {
      error: `must be "all" or a list of 1 to ${limits.noticeAccounts} account ids`,
    }),
    dryRun: z.boolean().default(true),
  }),
  output: z.object({
    /** None of a dry run: nothing is kept of it. */
    noticeId: noticeId.nullable(),
    recipients: z.int(),
    /** Accounts that were named and have no verified address, or do not exist. */
    unreachable: z.array(accountId),
    dryRun: z.boolean(),
    /** What each of them gets. */
    preview: z.object({ subject: z.string(), text: z.string() }),
  }),
};

export const breachNoticeStatus = {
  input: z.object({ noticeId, ...page }),
  output: z.object({
    noticeId,
    subject: z.string(),
    created: time,
    /** When the last recipient's mail was queued. */
    finished: time.nullable(),
    recipients: z.int(),
    /** `pending`: its mail is not queued yet. */
    counts: byState.extend({ pending: z.int() }),
    mails: z.array(operatorsMail),
    next: mailId.nullable(),
  }),
};
