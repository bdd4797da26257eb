import type { Database } from '../../shared/store/database.ts';
import { teamMembers } from '../../shared/store/teams.ts';

/** The accounts that are admins of a team: one read each. */
export async function teamAdmins(database: Database, teamId: string): Promise<string[]> {
  const where = [['role', '==', 'admin']] as const;
  const admins = await database.list({ collection: teamMembers(teamId), where, fields: ['accountId'] });
  return admins.map(({ id }) => id);
}
