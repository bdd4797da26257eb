import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { inviteConfirm as wire } from '../../shared/protocol/invite.ts';
import { lifetimes, limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { update } from '../../shared/store/database.ts';
import { teamMembers } from '../../shared/store/teams.ts';
import { ownAccount } from '../account/own-account.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { grantProblems } from '../link/grant-key.ts';
import { linkTo } from '../link/recipient.ts';
import { auditOther } from '../team/audit-other.ts';
import { inviteOfAdmin } from './find-invite.ts';
import { grantAll } from './grant-all.ts';
import { inviteOver, standing } from './invite-state.ts';

type Input = (typeof wire.input)['_output'];

export const inviteConfirm = httpFunction(
  'invite-confirm',
  {
    POST: sessionOperation({
      summary: "Give a new member the keys of the team's groups, wrapped to the key whose fingerprint was compared",
      ...wire,
      success: 200,
      problems: [
        'INVITE_NOT_FOUND',
        'INVITE_NOT_ACCEPTED',
        'INVITE_OVER',
        'FINGERPRINT_MISMATCH',
        'GROUP_NOT_FOUND',
        'KEY_NOT_GRANTED',
        ...grantProblems,
      ],
      writes: true,
      bodyBytes: limits.keysBodyBytes,
      handle: async (input, context) => {
        const { answer, mailId } = await optimistic(() => confirm(input, context));
        await announceMail(context, mailId);
        return answer;
      },
    }),
  },
  { secrets: ['mail-key'], publishes: [emailDeliveries] },
);

/**
 * One commit: the role, every key, and the invite's end. Over G groups of the team, n of them given, 9 + 2G + n reads and
 * 2n + 6 writes.
 */
async function confirm({ inviteId, publicKeyFingerprint: compared, links }: Input, context: SessionContext) {
  const { database, clock, caller } = context;
  const now = clock.now();
  const { invite, team, state } = await standing(database, await inviteOfAdmin(inviteId, context), now);
  const { teamId, accountId, role } = invite.data;
  if (state === 'pending' || state === 'expired') {
    throw new Problem('INVITE_NOT_ACCEPTED', 'Nobody has accepted this invite yet.', { inviteId, state });
  }
  if (state !== 'accepted' || accountId === null || team === undefined) throw inviteOver(inviteId, state);
  const [member, account] = await database.get(teamMembers(teamId).doc(accountId), accounts.doc(accountId));
  if (member === undefined || account === undefined) throw inviteOver(inviteId, 'revoked');
  const linked = await linkTo(account, compared);
  const { writes, granted, waiting } = await grantAll({ teamId, accountId, role, grants: links }, context);
  const raised = role === 'admin' && member.data.role !== 'admin' ? [update(member, { role })] : [];
  const admin = (await ownAccount(context)).data;
  const mail = await queueMail(context, {
    to: account.data.email,
    template: 'invite-confirmed',
    values: { teamName: team.data.name, admin },
  });
  const answer = await context.commit({ inviteId, state: 'confirmed' as const, accountId, granted, waiting }, [
    update(invite, { state: 'confirmed', expiresAt: new Date(now + lifetimes.inviteRecord) }),
    // Whoever is taken out of the team at the same moment must not come out of that with keys.
    update(team, { memberChanges: team.data.memberChanges + 1 }),
    linked,
    ...raised,
    ...writes,
    mail.write,
    audit(context, caller.accountId, 'invite-confirmed'),
    ...auditOther(context, accountId, 'team-access-granted'),
  ]);
  return { answer, mailId: mail.id };
}
