import type * as z from 'zod';
import { sessionList, sessionRevoke } from '../../../shared/protocol/account.ts';
import { session } from './vault.ts';

export type SessionRow = z.output<typeof sessionList.output>['sessions'][number];

export const sessions = {
  async sessions(): Promise<SessionRow[]> {
    return (await session().connection.get('session-list', sessionList, {})).sessions;
  },

  /** @param sessionId of one, or `others` for all but this one */
  async revokeSession(sessionId: string): Promise<number> {
    return (await session().connection.post('session-revoke', sessionRevoke, { sessionId })).revoked;
  },
};
