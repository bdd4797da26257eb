import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { accountDeleteCodeSend as wire } from '../../shared/protocol/leaving.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { logins } from '../../shared/store/logins.ts';
import { newAccountId } from '../account/account-id.ts';
import { decoyOf } from '../account/decoy-write.ts';
import { newMailToken } from '../account/mail-token.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';

export const accountDeleteCodeSend = httpFunction(
  'account-delete-code-send',
  {
    POST: publicOperation({
      summary: 'Mail a code that deletes the account, to who has forgotten its passphrase; the same for every address',
      ...wire,
      success: 202,
      rules: [rateRules.deletionCodeByEmail, rateRules.deletionCodeByAddress],
      writes: true,
      handle,
    }),
  },
  { secrets: ['mail-key'], publishes: [emailDeliveries] },
);

/** An unknown address costs the same look-up, commit and publish as a known one; only the mail is missing. */
async function handle({ email }: { email: string }, context: Context): Promise<{ status: 'code-sent' }> {
  const loginId = sha256Hex(email);
  const [login] = await context.database.get(logins.doc(loginId));
  const accountId = login?.data.accountId ?? newAccountId(context);
  const code = newMailToken(context, { purpose: 'account-delete', accountId, loginId });
  const mail = await queueMail(context, { to: email, template: 'deletion-code', values: { token: code.token } });
  const writes = [code.write, login === undefined ? decoyOf(mail.write, context) : mail.write];
  const answer = await context.commit({ status: 'code-sent' as const }, writes);
  await announceMail(context, mail.id);
  return answer;
}
