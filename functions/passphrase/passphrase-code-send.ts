import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { passphraseCodeSend as wire } from '../../shared/protocol/passphrase.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { newMailToken } from '../account/mail-token.ts';
import { ownAccount } from '../account/own-account.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';

export const passphraseCodeSend = httpFunction(
  'passphrase-code-send',
  {
    POST: sessionOperation({
      summary: 'Mail the account a code with which a logged-in device may set a new passphrase without the old one',
      ...wire,
      success: 202,
      rules: [rateRules.passphraseCodeByAccount],
      writes: true,
      handle: (_input, context) => send(context),
    }),
  },
  { secrets: ['mail-key'], publishes: [emailDeliveries] },
);

async function send(context: SessionContext) {
  const { accountId } = context.caller;
  const { email } = (await ownAccount(context)).data;
  const purpose = 'passphrase-change' as const;
  const code = newMailToken(context, { purpose, accountId, loginId: sha256Hex(email) });
  const mail = await queueMail(context, { to: email, template: 'passphrase-code', values: { token: code.token } });
  const told = audit(context, accountId, 'passphrase-code-sent');
  const answer = await context.commit({ status: 'code-sent' as const }, [code.write, mail.write, told]);
  await announceMail(context, mail.id);
  return answer;
}
