import { limits } from '../../shared/protocol/limits.ts';
import type { Database, Stored } from '../../shared/store/database.ts';
import { allTeamMembers, type TeamMember } from '../../shared/store/teams.ts';
import { quotaExceeded } from '../group/quota.ts';

/** The teams an account is in, the personal one included: one read each. */
export function membershipsOf(database: Database, accountId: string): Promise<Stored<TeamMember>[]> {
  return database.list({ collection: allTeamMembers, everywhere: true, where: [['accountId', '==', accountId]] });
}

/**
 * That an account may be in one more team. Calls at the same moment can pass it together: it bounds costs, not rights.
 * @throws Problem `QUOTA_EXCEEDED`
 */
export async function requireFewTeams(database: Database, accountId: string): Promise<void> {
  const { length } = await membershipsOf(database, accountId);
  if (length >= limits.accountTeams) throw quotaExceeded('accountTeams', limits.accountTeams, length, 1);
}
