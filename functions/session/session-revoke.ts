import { audit } from '../../shared/platform/audit.ts';
import type { SessionContext } from '../../shared/platform/context.ts';
import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { sessionRevoke as wire } from '../../shared/protocol/account.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import { erase, remove } from '../../shared/store/database.ts';
import { sessions } from '../../shared/store/sessions.ts';
import { liveSessions } from './live-sessions.ts';

type Input = (typeof wire.input)['_output'];

export const sessionRevoke = httpFunction('session-revoke', {
  POST: sessionOperation({
    summary: 'Log one device out, or all others, or all',
    about: 'The session that asks may end itself, too.',
    ...wire,
    success: 200,
    problems: ['SESSION_NOT_FOUND'],
    writes: true,
    handle: (input, context) => optimistic(() => revoke(input, context)),
  }),
});

async function revoke({ sessionId }: Input, context: SessionContext) {
  const { database, caller } = context;
  if (sessionId !== 'others' && sessionId !== 'all') {
    const [session] = await database.get(sessions.doc(sessionId));
    if (session?.data.accountId !== caller.accountId) {
      throw new Problem('SESSION_NOT_FOUND', 'You have no such session.', { sessionId });
    }
    return context.commit({ revoked: 1 }, [remove(session), audit(context, caller.accountId, 'session-revoked')]);
  }
  const live = await liveSessions(context);
  const ending = live.filter(({ id }) => sessionId === 'all' || id !== caller.sessionId);
  const ends = ending.map(({ ref }) => erase(ref));
  const told = audit(context, caller.accountId, 'sessions-revoked');
  return context.commit({ revoked: ending.length }, [...ends, told]);
}
