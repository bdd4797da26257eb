import { audit } from '../../shared/platform/audit.ts';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { passphraseResetStart as wire } from '../../shared/protocol/passphrase.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { logins } from '../../shared/store/logins.ts';
import { newAccountId } from '../account/account-id.ts';
import { decoyOf } from '../account/decoy-write.ts';
import { newMailToken } from '../account/mail-token.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';

export const passphraseResetStart = httpFunction(
  'passphrase-reset-start',
  {
    POST: publicOperation({
      summary:
        'Mail a code with which a forgotten passphrase can be replaced; the answer is the same for every address',
      about: 'What a reset costs is shown by passphrase-reset-preview before it happens.',
      ...wire,
      success: 202,
      rules: [rateRules.resetByEmail, rateRules.resetByAddress],
      writes: true,
      handle,
    }),
  },
  { secrets: ['mail-key'], publishes: [emailDeliveries] },
);

/** An unknown address costs the same look-up, commit and publish as a known one; only the mail is missing. */
async function handle({ email }: { email: string }, context: Context): Promise<{ status: 'reset-sent' }> {
  const loginId = sha256Hex(email);
  const [login] = await context.database.get(logins.doc(loginId));
  const accountId = login?.data.accountId ?? newAccountId(context);
  const code = newMailToken(context, { purpose: 'passphrase-reset', accountId, loginId });
  const mail = await queueMail(context, { to: email, template: 'passphrase-reset', values: { token: code.token } });
  const told = audit(context, accountId, 'passphrase-reset-requested');
  const writes = [mail.write, told];
  const answer = await context.commit({ status: 'reset-sent' as const }, [
    code.write,
    ...(login?.data.isVerified ? writes : writes.map((write) => decoyOf(write, context))),
  ]);
  await announceMail(context, mail.id);
  return answer;
}
