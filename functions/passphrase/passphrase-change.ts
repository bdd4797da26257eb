import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { passphraseChange as wire } from '../../shared/protocol/passphrase.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { erase, update } from '../../shared/store/database.ts';
import { logins } from '../../shared/store/logins.ts';
import { ownAccount, requireUnchangedKeys } from '../account/own-account.ts';
import { type OwnerProof, ownerProof } from '../account/owner-proof.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { refuseUnusableVerifier, sealVerifier } from '../login/verifier.ts';
import { liveSessions } from '../session/live-sessions.ts';

type Input = (typeof wire.input)['_output'];

export const passphraseChange = httpFunction(
  'passphrase-change',
  {
    POST: sessionOperation({
      summary:
        'Set a new passphrase: a new verifier, and the same account key encrypted under it; others are logged out',
      about:
        'The account’s symmetric key stays, and is encrypted anew: groups and shares stay as they are. It is refused when another device has changed the passphrase meanwhile.',
      ...wire,
      input: wire.input.superRefine(refuseUnusableVerifier),
      success: 200,
      problems: ['PROOF_FAILED', 'KEYS_CHANGED'],
      rules: [rateRules.passphraseChangeByAccount],
      writes: true,
      handle,
    }),
  },
  { secrets: ['state-key', 'verifier-key', 'salt-key', 'mail-key'], publishes: [emailDeliveries] },
);

async function handle(input: Input, context: SessionContext) {
  const prove = await ownerProof(input.proof, context);
  const { answer, mailId } = await optimistic(() => change(input, prove, context));
  await announceMail(context, mailId);
  return answer;
}

/** One commit: verifier, account key, proof, other sessions, record and mail; all or nothing. */
async function change(input: Input, prove: OwnerProof, context: SessionContext) {
  const { saltKey, saltAuth, saltEnc, profile, encSymmetricKey, baseEncSymmetricKey } = input;
  const { accountId, sessionId } = context.caller;
  const account = await ownAccount(context);
  const { email } = account.data;
  const loginId = sha256Hex(email);
  const [login] = await context.database.get(logins.doc(loginId));
  if (login === undefined) throw new Error(`The account ${accountId} has no login.`);
  const used = await prove(loginId);
  requireUnchangedKeys(account, baseEncSymmetricKey);
  const sealedVerifier = await sealVerifier(context.sealer, accountId, input.verifier);
  const others = (await liveSessions(context)).filter(({ id }) => id !== sessionId);
  const mail = await queueMail(context, {
    to: email,
    template: 'security-notice',
    values: {
      event: 'The passphrase of your account was changed, and all other devices were logged out.',
      at: context.clock.now(),
      whatToDo: 'Somebody has a device that was logged in to your account. Tell the people who run this server.',
    },
  });
  const answer = await context.commit({ changed: true as const, sessionsRevoked: others.length }, [
    update(login, { profile, saltKey, saltAuth, sealedVerifier }),
    update(account, { profile, saltEnc, encSymmetricKey }),
    ...used,
    ...others.map(({ ref }) => erase(ref)),
    audit(context, accountId, 'passphrase-changed'),
    mail.write,
  ]);
  return { answer, mailId: mail.id };
}
