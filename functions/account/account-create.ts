import type * as z from 'zod';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { accountCreate as wire } from '../../shared/protocol/account.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { create, update } from '../../shared/store/database.ts';
import { logins } from '../../shared/store/logins.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { refuseUnusableVerifier, sealVerifier } from '../login/verifier.ts';
import { newAccountId } from './account-id.ts';
import { decoyDeletion, decoyOf } from './decoy-write.ts';
import { giveWay } from './give-way.ts';
import { newMailToken } from './mail-token.ts';
import { createPersonalTeam } from './personal-team.ts';
import { refuseUnusablePublicKey } from './usable-public-key.ts';

type Input = (typeof wire.input)['_output'];

export const accountCreate = httpFunction(
  'account-create',
  {
    POST: publicOperation({
      summary: 'Create an account from keys made by the client; a verification mail follows',
      about:
        'The client makes everything: three salts, the SRP verifier, an RSA key pair, and the symmetric key that encrypts the private one. Whoever has an account already gets a mail that says so, and nothing changes. Nobody logs in before the address is verified.',
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
 * verified gives way to a newer one, so that nobody can block an address that is not theirs. Each kind of address costs
 * the same reads and a commit of the same size; a token for an account that is not made opens nothing.
 */
async function handle(input: Input, context: Context): Promise<{ status: 'verification-sent' }> {
  const messageId = await optimistic(() => signUp(input, context));
  await announceMail(context, messageId);
  return { status: 'verification-sent' };
}

async function signUp(input: Input, context: Context): Promise<string> {
  const loginId = sha256Hex(input.email);
  const accountId = newAccountId(context);
  const sealedVerifier = await sealVerifier(context.sealer, accountId, input.verifier);
  const verification = newMailToken(context, { purpose: 'verify-email', accountId, loginId });
  const answer = { status: 'verification-sent' } as const;

  const [login] = await context.database.get(logins.doc(loginId));
  const [old] = await context.database.get(accounts.doc(login?.data.accountId ?? accountId));
  const { saltKey, saltAuth, verifier: _sealedAbove, ...kept } = input;
  const account = { ...kept, created: context.clock.now(), generation: 1, linkChanges: 0 };
  const data = { accountId, profile: kept.profile, saltKey, saltAuth, sealedVerifier, isVerified: false };
  const made = {
    login: create(logins.doc(loginId), data),
    account: create(accounts.doc(accountId), account),
    team: createPersonalTeam(accountId, account.created),
  };

  if (login?.data.isVerified) {
    const mail = await queueMail(context, { to: input.email, template: 'account-exists', values: {} });
    const decoys = [made.login, made.account, ...made.team].map((write) => decoyOf(write, context));
    await context.commit(answer, [...decoys, ...deletions(context), verification.write, mail.write]);
    return mail.id;
  }
  const mail = await queueMail(context, {
    to: input.email,
    template: 'verify-email',
    values: { token: verification.token },
  });
  const replaced = old === undefined ? deletions(context) : giveWay(old);
  const first = login === undefined ? made.login : update(login, data);
  await context.commit(answer, [first, made.account, ...made.team, ...replaced, verification.write, mail.write]);
  return mail.id;
}

/** As many as `giveWay` makes. */
const deletions = (context: Context) => [1, 2, 3].map(() => decoyDeletion(context));

function refuseUnusable(input: Input, context: z.RefinementCtx): void {
  if (context.issues.length > 0) return;
  refuseUnusableVerifier(input, context);
  refuseUnusablePublicKey(input, context);
}
