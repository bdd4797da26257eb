import { httpFunction } from '../../shared/platform/definition.ts';
import { sessionOperation } from '../../shared/platform/operation.ts';
import { sessionList as wire } from '../../shared/protocol/account.ts';
import { liveSessions } from './live-sessions.ts';

export const sessionList = httpFunction('session-list', {
  GET: sessionOperation({
    summary: 'The devices that are logged in to this account',
    ...wire,
    success: 200,
    handle: async (_input, context) => {
      const found = await liveSessions(context);
      const listed = found.map(({ id, data: { label, created, lastUsed, expires } }) => {
        const current = id === context.caller.sessionId;
        return { sessionId: id, label, created, lastUsed, expires, current };
      });
      return { sessions: listed.sort((a, b) => b.lastUsed - a.lastUsed || b.created - a.created) };
    },
  }),
});
