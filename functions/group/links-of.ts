import type { Database, Stored } from '../../shared/store/database.ts';
import { allLinks, type Link } from '../../shared/store/groups.ts';

/** The links of an account to its groups, deleted ones included: one read each. */
export const linksOf = (database: Database, accountId: string): Promise<Stored<Link>[]> =>
  database.list({ collection: allLinks, everywhere: true, where: [['accountId', '==', accountId]] });
