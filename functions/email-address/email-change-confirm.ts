import { audit } from '../../shared/platform/audit.ts';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { emailChangeConfirm as wire } from '../../shared/protocol/email-address.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { type Account, accounts, type FormerEmail } from '../../shared/store/accounts.ts';
import { create, erase, remove, type Stored, update, type Write } from '../../shared/store/database.ts';
import { type Login, logins } from '../../shared/store/logins.ts';
import type { NewAddress, Token } from '../../shared/store/tokens.ts';
import { giveWay } from '../account/give-way.ts';
import { findMailToken } from '../account/mail-token.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { accessTo } from '../session/access.ts';
import { cutOffPage } from '../web/button-page.ts';
import { emailChangedPage, emailChangePage } from '../web/email-change-pages.ts';

export const emailChangeConfirm = httpFunction(
  'email-change-confirm',
  {
    GET: publicOperation({
      summary:
        'The page behind the link that email-change-start mails; changes nothing, for mail scanners open links too',
      input: wire.page,
      output: wire.page,
      success: 200,
      page: { when: 'always', draw: ({ token }, frame) => emailChangePage(token, frame), drawInvalid: cutOffPage },
      handle: async (input) => input,
    }),
    POST: publicOperation({
      summary: 'Give the account the address that a token was mailed to; all its devices are logged out',
      ...wire,
      success: 200,
      problems: ['TOKEN_EXPIRED', 'KEYS_CHANGED', 'EMAIL_IN_USE'],
      rules: [rateRules.emailConfirmByAddress],
      writes: true,
      form: true,
      page: { when: 'asked', draw: (_output, frame) => emailChangedPage(frame) },
      handle,
    }),
  },
  { secrets: ['mail-key'], publishes: [emailDeliveries] },
);

async function handle({ token }: { token: string }, context: Context) {
  const { answer, mailId } = await optimistic(() => confirm(token, context));
  await announceMail(context, mailId);
  return answer;
}

/**
 * One commit: the login moves, the account takes the new secrets, sessions and tokens end. Tokens of the old address go
 * with it: whoever reads that mailbox only must not set a passphrase or verify anything any more.
 */
async function confirm(secret: string, context: Context) {
  const { database, clock } = context;
  const token = await findMailToken(context, 'email-change', secret);
  const newAddress = token?.data.newAddress;
  if (token === undefined || newAddress === undefined) throw expired();
  const { accountId, loginId } = token.data;
  const [account, taken] = await database.get(accounts.doc(accountId), logins.doc(loginId));
  if (account === undefined) throw expired();
  const [login] = await database.get(logins.doc(sha256Hex(account.data.email)));
  if (login === undefined) throw new Error(`The account ${accountId} has no login.`);
  if (account.data.encSymmetricKey !== newAddress.baseEncSymmetricKey) {
    throw new Problem('KEYS_CHANGED', 'The passphrase was changed after this mail was sent. Ask for the change again.');
  }
  const mail = await queueMail(context, {
    to: account.data.email,
    template: 'security-notice',
    values: {
      event:
        'Your account was moved to another address, and all devices were logged out. This address opens it no more.',
      at: clock.now(),
      whatToDo:
        'somebody knows your passphrase, or has your device and your mailbox. Tell the people who run this server at once.',
    },
  });
  const { sessions: open, tokens: mailed } = await accessTo(accountId, context);
  const answer = await context.commit({ changed: true as const }, [
    ...(await takeLogin(newAddress, token, taken, context)),
    remove(login),
    update(account, fieldsOf(newAddress, account.data, clock.now())),
    remove(token),
    ...[...open, ...mailed.filter(({ id }) => id !== token.id)].map(({ ref }) => erase(ref)),
    audit(context, accountId, 'email-changed'),
    mail.write,
  ]);
  return { answer, mailId: mail.id };
}

/** A sign-up with this address that was never verified gives way, as it does to a newer sign-up. */
async function takeLogin(
  { profile, saltKey, saltAuth, sealedVerifier }: NewAddress,
  { data: { accountId, loginId } }: Stored<Token>,
  taken: Stored<Login> | undefined,
  { database }: Context,
): Promise<Write[]> {
  const data: Login = { accountId, profile, saltKey, saltAuth, sealedVerifier, isVerified: true };
  if (taken === undefined) return [create(logins.doc(loginId), data)];
  if (taken.data.isVerified) throw new Problem('EMAIL_IN_USE', 'This address has got an account of its own meanwhile.');
  const [unverified] = await database.get(accounts.doc(taken.data.accountId));
  return [update(taken, data), ...(unverified === undefined ? [] : giveWay(unverified))];
}

/** What is on record of the old address stays findable for as long as mails to it are. */
function fieldsOf({ email, profile, saltEnc, encSymmetricKey }: NewAddress, old: Account, now: number) {
  const former: FormerEmail = { email: old.email, until: now + lifetimes.outboxMessage };
  const formerEmails = [...(old.formerEmails ?? []).filter(({ until }) => until > now), former];
  return { email, profile, saltEnc, encSymmetricKey, formerEmails };
}

const expired = () =>
  new Problem('TOKEN_EXPIRED', 'This link was used already, has expired, or was replaced by a newer one.');
