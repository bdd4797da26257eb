import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { optimistic } from '../../shared/platform/optimistic.ts';
import { sessionLogout as wire } from '../../shared/protocol/account.ts';
import { remove } from '../../shared/store/database.ts';
import { sessions } from '../../shared/store/sessions.ts';

export const sessionLogout = httpFunction('session-logout', {
  POST: sessionOperation({
    summary: 'End this session',
    ...wire,
    success: 204,
    writes: true,
    handle: (_input, context) =>
      optimistic(async () => {
        const [session] = await context.database.get(sessions.doc(context.caller.sessionId));
        return context.commit(undefined, session === undefined ? [] : [remove(session)]);
      }),
  }),
});
