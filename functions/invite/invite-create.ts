import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { inviteCreate as wire } from '../../shared/protocol/invite.ts';
import { lifetimes, limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { create, update } from '../../shared/store/database.ts';
import { type Invite, invites } from '../../shared/store/invites.ts';
import { logins } from '../../shared/store/logins.ts';
import { teamMembers } from '../../shared/store/teams.ts';
import { ownAccount } from '../account/own-account.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { quotaExceeded } from '../group/quota.ts';
import { requireShared, teamMembership, teamMembershipProblems } from '../team/team-membership.ts';
import { inviteIdOf } from './invite-state.ts';

type Input = (typeof wire.input)['_output'];

export const inviteCreate = httpFunction(
  'invite-create',
  {
    POST: sessionOperation({
      summary: 'Invite an address into a team, with an account or without: the answer is the same; again sends again',
      about: 'An invite can be accepted for 7 days. The answer never tells whether there is an account.',
      ...wire,
      success: 202,
      problems: [...teamMembershipProblems, 'PERSONAL_TEAM', 'MEMBER_EXISTS', 'QUOTA_EXCEEDED'],
      rules: [rateRules.inviteByAccount, rateRules.inviteByEmail],
      writes: true,
      handle: async (input, context) => {
        const { answer, mailId } = await optimistic(() => invite(input, context));
        await announceMail(context, mailId);
        return answer;
      },
    }),
  },
  { secrets: ['mail-key'], publishes: [emailDeliveries] },
);

/** No account has this id: what is read for an address with one is read for any. */
const nobody = 'nobody';

async function invite({ teamId, email, role }: Input, context: SessionContext) {
  const { database, caller, clock, random } = context;
  const emailHash = sha256Hex(email);
  const inviteId = inviteIdOf(teamId, emailHash);
  const more = [invites.doc(inviteId), logins.doc(emailHash)] as const;
  const { team, found } = await teamMembership(context, teamId, 'admin', ...more);
  requireShared(team);
  const [before, login] = found;
  const hasAccount = login?.data.isVerified ?? false;
  const owner = hasAccount ? login?.data.accountId : undefined;
  const accepted = before?.data.state === 'accepted' ? before.data.accountId : null;
  const members = await database.get(
    teamMembers(teamId).doc(owner ?? nobody),
    teamMembers(teamId).doc(accepted ?? nobody),
  );
  const member = members.find((each) => each !== undefined);
  if (member !== undefined) {
    throw new Problem('MEMBER_EXISTS', 'The owner of this address is in the team already.', { accountId: member.id });
  }
  const { members: used } = team.data;
  if (used >= limits.teamMembers) throw quotaExceeded('teamMembers', limits.teamMembers, used, 1);

  const { firstName, lastName, email: own } = (await ownAccount(context)).data;
  const code = Buffer.from(random(32)).toString('base64url');
  const created = clock.now();
  const expires = created + lifetimes.invite;
  const data: Invite = {
    ...{ teamId, email, emailHash, role },
    codeHash: sha256Hex(code),
    invitedBy: caller.accountId,
    state: 'pending',
    accountId: null,
    created,
    expires,
    expiresAt: new Date(expires + lifetimes.inviteRecord),
  };
  const values = { teamName: team.data.name, inviter: { firstName, lastName, email: own }, hasAccount, code };
  const mail = await queueMail(context, { to: email, template: 'team-invite', values });
  const answer = await context.commit({ inviteId, state: 'pending' as const, expires }, [
    before === undefined ? create(invites.doc(inviteId), data) : update(before, data),
    mail.write,
    audit(context, caller.accountId, 'invite-sent'),
  ]);
  return { answer, mailId: mail.id };
}
