import type { SessionContext } from '../../shared/platform/context.ts';
import type { Stored } from '../../shared/store/database.ts';
import { type Session, sessions } from '../../shared/store/sessions.ts';

/** The sessions of the caller's account that have not expired. */
export async function liveSessions({ database, caller, clock }: SessionContext): Promise<Stored<Session>[]> {
  const where = [['accountId', '==', caller.accountId]] as const;
  const all = await database.list({ collection: sessions, where });
  return all.filter(({ data }) => data.expires > clock.now());
}
