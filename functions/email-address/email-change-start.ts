import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { emailChangeStart as wire } from '../../shared/protocol/email-address.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { logins } from '../../shared/store/logins.ts';
import type { NewAddress } from '../../shared/store/tokens.ts';
import { newMailToken } from '../account/mail-token.ts';
import { ownAccount, requireUnchangedKeys } from '../account/own-account.ts';
import { type OwnerProof, ownerProof } from '../account/owner-proof.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { refuseUnusableVerifier, sealVerifier } from '../login/verifier.ts';

type Input = (typeof wire.input)['_output'];

export const emailChangeStart = httpFunction(
  'email-change-start',
  {
    POST: sessionOperation({
      summary: 'Ask for another address: its mailbox gets a link, and until that is used nothing changes',
      about:
        'The address is part of what the passphrase makes, so the client sends new secrets along. The old address is told when the new one is confirmed.',
      ...wire,
      input: wire.input.superRefine(refuseUnusableVerifier),
      success: 202,
      problems: ['PROOF_FAILED', 'KEYS_CHANGED'],
      rules: [rateRules.emailChangeByAccount, rateRules.emailChangeByEmail],
      writes: true,
      handle,
    }),
  },
  { secrets: ['state-key', 'verifier-key', 'salt-key', 'mail-key'], publishes: [emailDeliveries] },
);

async function handle(input: Input, context: SessionContext) {
  const prove = await ownerProof(input.proof, context);
  const { answer, mailId } = await optimistic(() => start(input, prove, context));
  await announceMail(context, mailId);
  return answer;
}

/** The answer, and what it costs, never tell whether the address is taken; its owner's mailbox does. */
async function start(input: Input, prove: OwnerProof, context: SessionContext) {
  const { accountId } = context.caller;
  const { email } = input;
  const loginId = sha256Hex(email);
  const account = await ownAccount(context);
  const used = await prove(sha256Hex(account.data.email));
  if (email === account.data.email) throw sameAddress();
  requireUnchangedKeys(account, input.baseEncSymmetricKey);
  const newAddress = await pending(input, context);
  const confirmation = newMailToken(context, { purpose: 'email-change', accountId, loginId, newAddress });
  const [login] = await context.database.get(logins.doc(loginId));
  const mail = login?.data.isVerified
    ? await queueMail(context, { to: email, template: 'email-in-use', values: {} })
    : await queueMail(context, { to: email, template: 'email-change', values: { token: confirmation.token } });
  const answer = await context.commit({ status: 'confirmation-sent' as const }, [
    confirmation.write,
    ...used,
    audit(context, accountId, 'email-change-started'),
    mail.write,
  ]);
  return { answer, mailId: mail.id };
}

async function pending(input: Input, { sealer, caller }: SessionContext): Promise<NewAddress> {
  const { email, profile, saltEnc, saltKey, saltAuth, encSymmetricKey, baseEncSymmetricKey } = input;
  const sealedVerifier = await sealVerifier(sealer, caller.accountId, input.verifier);
  return { email, profile, saltEnc, saltKey, saltAuth, sealedVerifier, encSymmetricKey, baseEncSymmetricKey };
}

function sameAddress(): Problem {
  const message = 'is the address of the account already';
  return new Problem('INVALID_INPUT', `/email: ${message}`, { errors: [{ path: '/email', message }] });
}
