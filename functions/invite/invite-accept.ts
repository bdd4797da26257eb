import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { inviteAccept as wire } from '../../shared/protocol/invite.ts';
import { lifetimes, limits } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { accounts } from '../../shared/store/accounts.ts';
import { create, type Stored, update, type Write } from '../../shared/store/database.ts';
import { type Team, teamMembers } from '../../shared/store/teams.ts';
import { ownAccount } from '../account/own-account.ts';
import { announceMail, queueMail } from '../email/queue-mail.ts';
import { emailDeliveries } from '../email/topic.ts';
import { quotaExceeded } from '../group/quota.ts';
import { auditOther } from '../team/audit-other.ts';
import { requireFewTeams } from '../team/memberships.ts';
import { vaultPage } from '../web/vault-page.ts';
import { inviteForCaller } from './find-invite.ts';
import { inviteOver, standing } from './invite-state.ts';

type Input = (typeof wire.input)['_output'];

export const inviteAccept = httpFunction(
  'invite-accept',
  {
    GET: vaultPage(
      'The page behind the link of an invitation: accept it and compare fingerprints; the code is not sent',
      'You are invited to a team',
    ),
    POST: sessionOperation({
      summary: 'Join the team that one is invited to; an admin of it gives the keys then, by invite-confirm',
      about: 'Then compare fingerprints with who invites: an admin gives the keys by invite-confirm.',
      ...wire,
      success: 200,
      problems: ['INVITE_NOT_FOUND', 'INVITE_OVER', 'MEMBER_EXISTS', 'QUOTA_EXCEEDED'],
      rules: [rateRules.inviteAnswerByAccount],
      writes: true,
      handle: async (input, context) => {
        const { answer, mailId } = await optimistic(() => accept(input, context));
        if (mailId !== undefined) await announceMail(context, mailId);
        return answer;
      },
    }),
  },
  { secrets: ['mail-key'], publishes: [emailDeliveries] },
);

async function accept(input: Input, context: SessionContext) {
  const { database, caller, clock } = context;
  const { accountId } = caller;
  const now = clock.now();
  const { invite, team, state } = await standing(database, await inviteForCaller(input, context), now);
  const { teamId, role, invitedBy } = invite.data;
  const answer = { inviteId: invite.id, state: 'accepted' as const, teamId, teamName: team?.data.name ?? '', role };
  if (state === 'accepted' && invite.data.accountId === accountId) {
    return { answer: await context.commit(answer, []), mailId: undefined };
  }
  if (state !== 'pending' || team === undefined) throw inviteOver(invite.id, state);
  const joined = await join(team, now, context);
  const mail = await tell(invitedBy, team, context);
  const accepted = { state: 'accepted', accountId, expiresAt: new Date(now + lifetimes.inviteRecord) } as const;
  await context.commit(answer, [
    update(invite, accepted),
    ...joined,
    mail.write,
    audit(context, accountId, 'team-joined'),
    ...auditOther(context, invitedBy, 'invite-accepted'),
  ]);
  return { answer, mailId: mail.id };
}

/** As a plain member, whatever the invite promises: its role comes with the confirmation. */
async function join(team: Stored<Team>, joined: number, { database, caller }: SessionContext): Promise<Write[]> {
  const { accountId } = caller;
  const { members, memberChanges } = team.data;
  const place = teamMembers(team.id).doc(accountId);
  if ((await database.get(place))[0] !== undefined) {
    throw new Problem('MEMBER_EXISTS', 'You are in this team already.', { accountId });
  }
  if (members >= limits.teamMembers) throw quotaExceeded('teamMembers', limits.teamMembers, members, 1);
  await requireFewTeams(database, accountId);
  return [
    update(team, { members: members + 1, memberChanges: memberChanges + 1 }),
    create(place, { teamId: team.id, accountId, role: 'member', joined }),
  ];
}

async function tell(invitedBy: string, team: Stored<Team>, context: SessionContext) {
  const [admin] = await context.database.get(accounts.doc(invitedBy));
  if (admin === undefined) throw new Error(`The account ${invitedBy} is in a team and does not exist.`);
  const { firstName, lastName, email } = (await ownAccount(context)).data;
  const values = { teamName: team.data.name, member: { firstName, lastName, email } };
  return queueMail(context, { to: admin.data.email, template: 'invite-accepted', values });
}
