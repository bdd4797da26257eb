import type * as z from 'zod';
import { decodeHex } from '../../shared/crypto/hex.ts';
import { parsePublicKey } from '../../shared/crypto/rsa-key.ts';
import { srpGroups } from '../../shared/crypto/srp/groups.ts';
import { isValidVerifier } from '../../shared/crypto/srp/server.ts';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { accountCreate as wire } from '../../shared/protocol/account.ts';
import { profiles } from '../../shared/protocol/profiles.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { create, remove, update, type Write } from '../../shared/store/database.ts';
import { logins } from '../../shared/store/logins.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { newVerification } from './verification.ts';

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
  const sealedVerifier = await context.sealer.seal(
    'verifier-key',
    'srp verifier',
    accountId,
    decodeHex(input.verifier),
  );
  const verification = newVerification(context, accountId, loginId);
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
  const account = { ...kept, created: context.clock.now(), generation: 1 };
  const data = { accountId, profile: kept.profile, saltKey, saltAuth, sealedVerifier, isVerified: false };
  const replaced: Write[] = login === undefined ? [create(logins.doc(loginId), data)] : [update(login, data)];
  if (login !== undefined) {
    const [old] = await context.database.get(accounts.doc(login.data.accountId));
    if (old !== undefined) replaced.push(remove(old));
  }
  await context.commit(answer, [...replaced, create(accounts.doc(accountId), account), verification.write, mail.write]);
  return mail.id;
}

/** A verifier of 0, 1 or N-1 would be an account without a passphrase; a key nobody can wrap to, one nobody can share with. */
function refuseUnusable({ verifier, profile, publicKey }: Input, context: z.RefinementCtx): void {
  if (context.issues.length > 0) return;
  const { groupBits, publicValueBytes } = profiles[profile];
  const isHex = verifier.length === publicValueBytes * 2 && /^[0-9a-f]*$/.test(verifier);
  if (isHex && !isValidVerifier(srpGroups[groupBits], decodeHex(verifier))) {
    context.addIssue({ code: 'custom', path: ['verifier'], message: 'must be greater than 1 and less than N-1' });
  }
  try {
    parsePublicKey(publicKey);
  } catch {
    const message = 'must be a 2048-bit RSA-OAEP-256 public key as a JSON Web Key';
    context.addIssue({ code: 'custom', path: ['publicKey'], message });
  }
}
