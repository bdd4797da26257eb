import type { ListedSession } from '../../api/sessions.ts';
import { account } from './vault.ts';

/** What somebody does with an account of their own. */
export const own = {
  sessions: (): Promise<ListedSession[]> => account().sessions.list(),

  /** @param which the id of one, or `others` for all but this one */
  revokeSession: (which: string): Promise<number> => account().sessions.revoke(which),

  /** @returns how many other sessions that ended */
  changePassphrase: ({ old, next }: { readonly old: string; readonly next: string }): Promise<number> =>
    account().changePassphrase({ oldPassphrase: old }, next),
};
