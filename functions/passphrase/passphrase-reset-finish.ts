import { audit } from '../../shared/platform/audit.ts';
import type { Context } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { publicOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { passphraseResetFinish as wire } from '../../shared/protocol/passphrase.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { type Account, accounts } from '../../shared/store/accounts.ts';
import { erase, type Stored, update, type Write } from '../../shared/store/database.ts';
import { oldKeys } from '../../shared/store/groups.ts';
import { refuseUnusablePublicKey } from '../account/usable-public-key.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { refuseUnusableVerifier, sealVerifier } from '../login/verifier.ts';
import { accessTo } from '../session/access.ts';
import { vaultPage } from '../web/vault-page.ts';
import { type GroupImpact, resetImpact, resetTarget } from './reset-impact.ts';

type Input = (typeof wire.input)['_output'];

export const passphraseResetFinish = httpFunction(
  'passphrase-reset-finish',
  {
    GET: vaultPage(
      'The page behind the link of a reset mail: what a reset costs, and then the new passphrase; the code is not sent',
      'Reset your passphrase',
    ),
    POST: publicOperation({
      summary: 'Replace a forgotten passphrase, and with it all keys of the account; memberships wait for a new key',
      about:
        'The old keys are lost with the passphrase. Memberships stay, and wait: somebody who has a group’s key grants it again by rekey-confirm, once fingerprints have been compared. What nobody else can open is lost.',
      ...wire,
      input: wire.input.superRefine((input, context) => {
        if (context.issues.length > 0) return;
        refuseUnusableVerifier(input, context);
        refuseUnusablePublicKey(input, context);
      }),
      success: 200,
      problems: ['TOKEN_EXPIRED'],
      rules: [rateRules.resetTokenByAddress],
      writes: true,
      handle,
    }),
  },
  { secrets: ['verifier-key', 'mail-key'], publishes: [emailDeliveries] },
);

async function handle(input: Input, context: Context) {
  const { answer, mailIds } = await optimistic(() => reset(input, context));
  await Promise.all(mailIds.map((id) => announceMail(context, id)));
  return answer;
}

/** One commit: secrets, keys, sessions, codes, every link, the record and the mails; all or nothing. */
async function reset({ token, verifier, saltKey, saltAuth, ...keys }: Input, context: Context) {
  const { login, account } = await resetTarget(token, context);
  const accountId = account.id;
  const [impacts, { sessions, tokens }, sealedVerifier] = await Promise.all([
    resetImpact(accountId, context),
    accessTo(accountId, context),
    sealVerifier(context.sealer, accountId, verifier),
  ]);
  const lost = impacts.filter(({ grantedBy }) => grantedBy.length === 0);
  const generation = account.data.generation + 1;
  const mails = [await tellOwner(account, context), ...(await tellGrantors(account, impacts, context))];
  const answer = {
    reset: true as const,
    generation,
    groupsLost: lost.length,
    groupsKept: impacts.length - lost.length,
    sessionsRevoked: sessions.length,
  };
  await context.commit(answer, [
    update(login, { profile: keys.profile, saltKey, saltAuth, sealedVerifier }),
    update(account, { ...keys, generation }),
    ...[...sessions, ...tokens].map(({ ref }) => erase(ref)),
    ...(await Promise.all(impacts.map((impact) => close(impact, context)))).flat(),
    audit(context, accountId, 'passphrase-reset'),
    ...mails.map(({ write }) => write),
  ]);
  return { answer, mailIds: mails.map(({ id }) => id) };
}

/** The member stays, without a key: what was wrapped to the old one opens no more. */
async function close({ group, link, grantedBy }: GroupImpact, { database }: Context): Promise<Write[]> {
  const kept = await database.list({ collection: oldKeys(group.id, link.id), where: [], fields: ['keyEpoch'] });
  const linkChanges = group.data.linkChanges + 1;
  return [
    update(link, { state: 'needs-rekey' }),
    update(group, { linkChanges, lost: grantedBy.length === 0 }),
    ...kept.map(({ ref }) => erase(ref)),
  ];
}

function tellOwner({ data: { email } }: Stored<Account>, context: Context) {
  return queueMail(context, {
    to: email,
    template: 'security-notice',
    values: {
      event: 'The passphrase of your account was reset. All devices were logged out, and the account has new keys.',
      at: context.clock.now(),
      whatToDo:
        'Somebody can read this mailbox. Secure it first, then reset your passphrase again, and tell the admins of your groups not to let anybody in before you have.',
    },
  });
}

/** One mail a person, however many groups. Deleted groups can wait until somebody restores them. */
async function tellGrantors({ data }: Stored<Account>, impacts: readonly GroupImpact[], context: Context) {
  const named = new Map<string, string[]>();
  for (const { group, grantedBy } of impacts) {
    if (group.data.deletedAt !== null) continue;
    for (const { id } of grantedBy) named.set(id, [...(named.get(id) ?? []), group.data.name]);
  }
  const ids = [...named.keys()].slice(0, limits.rekeyMails);
  const people = await context.database.get(...ids.map((id) => accounts.doc(id)));
  const { firstName, lastName, email } = data;
  return Promise.all(
    people.flatMap((person) => {
      if (person === undefined) return [];
      const values = { firstName, lastName, email, groups: named.get(person.id) ?? [] };
      return [queueMail(context, { to: person.data.email, template: 'rekey-request', values })];
    }),
  );
}
