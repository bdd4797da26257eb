import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { inviteRevoke as wire } from '../../shared/protocol/invite.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { update } from '../../shared/store/database.ts';
import { inviteOfAdmin } from './find-invite.ts';
import { inviteOver, standing } from './invite-state.ts';

export const inviteRevoke = httpFunction('invite-revoke', {
  POST: sessionOperation({
    summary: 'Take an invite back that nobody has accepted yet',
    ...wire,
    success: 200,
    problems: ['INVITE_NOT_FOUND', 'INVITE_OVER', 'MEMBER_EXISTS'],
    writes: true,
    handle: ({ inviteId }, context) => optimistic(() => revoke(inviteId, context)),
  }),
});

async function revoke(inviteId: string, context: SessionContext) {
  const now = context.clock.now();
  const { invite, state } = await standing(context.database, await inviteOfAdmin(inviteId, context), now);
  const answer = { inviteId, state: 'revoked' as const };
  if (invite.data.state === 'revoked') return context.commit(answer, []);
  if (state === 'accepted') {
    const detail = 'The invite has been accepted: team-member-remove takes its person out of the team.';
    throw new Problem('MEMBER_EXISTS', detail, { accountId: invite.data.accountId });
  }
  if (state === 'confirmed' || state === 'declined') throw inviteOver(inviteId, state);
  return context.commit(answer, [
    update(invite, { state: 'revoked', expiresAt: new Date(now + lifetimes.inviteRecord) }),
    audit(context, context.caller.accountId, 'invite-revoked'),
  ]);
}
