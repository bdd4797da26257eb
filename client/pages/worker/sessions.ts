import type { ListedSession } from '../../api/sessions.ts';
import { account } from './vault.ts';

export const sessions = {
  sessions: (): Promise<ListedSession[]> => account().sessions.list(),

  /** @param which the id of one, or `others` for all but this one */
  revokeSession: (which: string): Promise<number> => account().sessions.revoke(which),
};
