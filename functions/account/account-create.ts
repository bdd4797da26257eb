import type * as z from 'zod';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { accountCreate as wire } from '../../shared/protocol/account.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { create, remove, update, type Write } from '../../shared/store/database.ts';
import { logins } from '../../shared/store/logins.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { refuseUnusableVerifier, sealVerifier } from '../login/verifier.ts';
import { newMailToken } from './mail-token.ts';
import { createPersonalTeam, erasePersonalTeam } from './personal-team.ts';
import { refuseUnusablePublicKey } from './usable-public-key.ts';

type Input = (typeof wire.input)['_output'];

export const accountCreate = httpFunction(
  'account-create',
  {
    POST: publicOperation({
      summary: 'Create an account from keys made by the client; a verification mail follows',
      input: wire.input.superRefine(refuseUnusable),
      output: wire.output,
      success: 202,
      rules: [rateRules.signUpByAddress, rateRules.signUpByEmail],
      writes: true,
      handle,
    }),
  },
  { secrets: ['verifier-key', 'mail-key'], publishes: [emailDeliveries] },
);

/**
 * The answer never tells whether the address is taken; its owner's mailbox does. A sign-up whose address was never
 * verified gives way to a newer one, so that nobody can block an address that is not theirs.
 */
async function handle(input: Input, context: Context): Promise<{ status: 'verification-sent' }> {
  const messageId = await optimistic(() => signUp(input, context));
  await announceMail(context, messageId);
  return { status: 'verification-sent' };
}

async function signUp(input: Input, context: Context): Promise<string> {
  const loginId = sha256Hex(input.email);
  const accountId = `acct_${Buffer.from(context.random(16)).toString('hex')}`;
  const sealedVerifier = await sealVerifier(context.sealer, accountId, input.verifier);
  const verification = newMailToken(context, { purpose: 'verify-email', accountId, loginId });
  const answer = { status: 'verification-sent' } as const;

  const [login] = await context.database.get(logins.doc(loginId));
  if (login?.data.isVerified) {
    const mail = await queueMail(context, { to: input.email, template: 'account-exists', values: {} });
    await context.commit(answer, [mail.write]);
    return mail.id;
  }
  const mail = await queueMail(context, {
    to: input.email,
    template: 'verify-email',
    values: { token: verification.token },
  });
  const { saltKey, saltAuth, verifier: _sealedAbove, ...kept } = input;
  const account = { ...kept, created: context.clock.now(), generation: 1, linkChanges: 0 };
  const data = { accountId, profile: kept.profile, saltKey, saltAuth, sealedVerifier, isVerified: false };
  const replaced: Write[] = login === undefined ? [create(logins.doc(loginId), data)] : [update(login, data)];
  if (login !== undefined) {
    const [old] = await context.database.get(accounts.doc(login.data.accountId));
    if (old !== undefined) replaced.push(remove(old), ...erasePersonalTeam(old.id));
  }
  const made = [create(accounts.doc(accountId), account), ...createPersonalTeam(accountId, account.created)];
  await context.commit(answer, [...replaced, ...made, verification.write, mail.write]);
  return mail.id;
}

function refuseUnusable(input: Input, context: z.RefinementCtx): void {
  if (context.issues.length > 0) return;
  refuseUnusableVerifier(input, context);
  refuseUnusablePublicKey(input, context);
}
