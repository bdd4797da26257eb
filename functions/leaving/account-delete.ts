import type * as z from 'zod';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { accountDelete as wire } from '../../shared/protocol/leaving.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { create, erase, remove, type Write } from '../../shared/store/database.ts';
import { departures } from '../../shared/store/departures.ts';
import { logins } from '../../shared/store/logins.ts';
import { sessions } from '../../shared/store/sessions.ts';
import { findMailToken } from '../account/mail-token.ts';
import { proofFailed, proven } from '../account/owner-proof.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { settle } from '../login/attempts.ts';
import { emailsOf } from './account-export.ts';
import { eraseNow } from './erasure.ts';
import { groupFates } from './group-fates.ts';

type Input = z.output<typeof wire.input>;

export const accountDelete = httpFunction(
  'account-delete',
  {
    POST: publicOperation({
      summary: 'Delete an account and all that belongs to it, for good; its passphrase or a mailed code is the proof',
      about:
        'Groups that would be left without an admin need a choice: the answer `GROUPS_ORPHANED` lists them, and nothing has changed. What stays and for how long: docs/leaving.md.',
      ...wire,
      success: 200,
      problems: ['PROOF_FAILED', 'GROUPS_NEED_CHOICE', 'RATE_LIMITED'],
      rules: [rateRules.deletionByAddress],
      writes: true,
      bodyBytes: limits.keysBodyBytes,
      handle,
    }),
  },
  {
    secrets: ['state-key', 'verifier-key', 'salt-key', 'mail-key', 'analytics-id-key'],
    publishes: [emailDeliveries],
    resources: { timeoutSeconds: 120 },
  },
);

/** It takes no session: the proof says whose account it is, and a retry must find its answer when the session is gone. */
async function handle(input: Input, context: Context) {
  const prove = await proofOf(input.proof, context);
  const { answer, accountId, mailId } = await optimistic(() => depart(input, prove, context));
  await announceMail(context, mailId);
  await eraseNow(accountId, context);
  return answer;
}

/** Whose account it is, and how the proof is used up by the commit. */
type Proof = () => Promise<{ accountId: string; used: Write[]; loginId?: string }>;

async function proofOf(proof: Input['proof'], context: Context): Promise<Proof> {
  if (!('code' in proof)) {
    const { login, attempt } = await proven(proof, context);
    // At once: it was no wrong guess, whatever becomes of the call.
    await context.database.commit([settle(attempt, login.data.isVerified ? 'right' : 'unverified')]);
    const { accountId } = login.data;
    return async () => ({ accountId, used: [] });
  }
  return async () => {
    const token = await findMailToken(context, 'account-delete', proof.code);
    if (token === undefined) throw proofFailed();
    const { accountId, loginId } = token.data;
    return { accountId, loginId, used: [remove(token)] };
  };
}

/**
 * One commit makes the account dead: no login, no session, no membership, and no group of its own any more. It also
 * creates the record by which everything else is found and erased.
 */
async function depart(input: Input, prove: Proof, context: Context) {
  const { database, clock } = context;
  const { accountId, used, loginId } = await prove();
  const [account] = await database.get(accounts.doc(accountId));
  if (account === undefined) throw proofFailed();
  const { email } = account.data;
  const ownLoginId = sha256Hex(email);
  // A code speaks for the mailbox it was sent to: not for one that the account has left.
  if (loginId !== undefined && loginId !== ownLoginId) throw proofFailed();
  const where = [['accountId', '==', accountId]] as const;
  const [[login], open, fates] = await Promise.all([
    database.get(logins.doc(ownLoginId)),
    database.list({ collection: sessions, where, fields: ['accountId'] }),
    groupFates(accountId, input.groups, context),
  ]);
  const departed = clock.now();
  const mail = await queueMail(context, { to: email, template: 'security-notice', values: farewell(departed) });
  const departure = { emails: emailsOf(account.data), ...fates.groups, departed, mailId: mail.id, wakeAt: departed };
  const answer = await context.commit({ deleted: true as const, ...fates.counts }, [
    ...(login === undefined ? [] : [remove(login)]),
    remove(account),
    ...used,
    ...open.map(({ ref }) => erase(ref)),
    ...fates.writes,
    create(departures.doc(accountId), departure),
    mail.write,
  ]);
  return { answer, accountId, mailId: mail.id };
}

const farewell = (at: number) => ({
  event: 'Your account was deleted, with all that belonged to it. It cannot be brought back.',
  at,
  whatToDo:
    'somebody knows your passphrase, or reads this mailbox. Change the password of the mailbox, and tell the people who run this server.',
});
