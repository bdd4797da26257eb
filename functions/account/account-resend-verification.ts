import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { accountResendVerification as wire } from '../../shared/protocol/account.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { logins } from '../../shared/store/logins.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { newAccountId } from './account-id.ts';
import { decoyOf } from './decoy-write.ts';
import { newMailToken } from './mail-token.ts';

export const accountResendVerification = httpFunction(
  'account-resend-verification',
  {
    POST: publicOperation({
      summary: 'Send the verification mail again; the answer is the same for every address',
      ...wire,
      success: 202,
      rules: [rateRules.resendByEmail, rateRules.resendByAddress],
      writes: true,
      handle,
    }),
  },
  { secrets: ['mail-key'], publishes: [emailDeliveries] },
);

/** An unknown address costs the same look-up, commit and publish as a known one; only the mail is missing. */
async function handle({ email }: { email: string }, context: Context): Promise<{ status: 'verification-sent' }> {
  const loginId = sha256Hex(email);
  const [login] = await context.database.get(logins.doc(loginId));
  const accountId = login?.data.accountId ?? newAccountId(context);
  const verification = newMailToken(context, { purpose: 'verify-email', accountId, loginId });
  const mail = login?.data.isVerified
    ? await queueMail(context, { to: email, template: 'account-exists', values: {} })
    : await queueMail(context, { to: email, template: 'verify-email', values: { token: verification.token } });
  const answer = await context.commit({ status: 'verification-sent' as const }, [
    verification.write,
    login === undefined ? decoyOf(mail.write, context) : mail.write,
  ]);
  await announceMail(context, mail.id);
  return answer;
}
