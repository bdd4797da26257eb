import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { inviteDecline as wire } from '../../shared/protocol/invite.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import { rateRules } from '../../shared/protocol/rate-rules.ts';
import { update } from '../../shared/store/database.ts';
import { auditOther } from '../team/audit-other.ts';
import { inviteForCaller } from './find-invite.ts';
import { inviteOver, standing } from './invite-state.ts';

type Input = (typeof wire.input)['_output'];

export const inviteDecline = httpFunction('invite-decline', {
  POST: sessionOperation({
    summary: 'Decline an invite; whoever has accepted it leaves by team-leave',
    ...wire,
    success: 200,
    problems: ['INVITE_NOT_FOUND', 'INVITE_OVER'],
    rules: [rateRules.inviteAnswerByAccount],
    writes: true,
    handle: (input, context) => optimistic(() => decline(input, context)),
  }),
});

async function decline(input: Input, context: SessionContext) {
  const now = context.clock.now();
  const { invite, state } = await standing(context.database, await inviteForCaller(input, context), now);
  const answer = { inviteId: invite.id, state: 'declined' as const };
  if (state === 'declined') return context.commit(answer, []);
  if (state !== 'pending') throw inviteOver(invite.id, state);
  return context.commit(answer, [
    update(invite, { state: 'declined', expiresAt: new Date(now + lifetimes.inviteRecord) }),
    audit(context, context.caller.accountId, 'invite-declined'),
    ...auditOther(context, invite.data.invitedBy, 'invite-declined'),
  ]);
}
