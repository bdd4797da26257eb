import { type AnyFunction, everyOperation } from './definition.ts';

/** What a function's service account may do with the database. */
export type StoreAccess = 'none' | 'reads' | 'writes';

/**
 * Follows from what the entry says: a session is looked up and kept alive, a rate rule is counted, so are usage
 * events that are dropped, a writing operation writes; what does none of these reads. The local stack holds every call to this.
 */
export function storeAccess(entry: AnyFunction): StoreAccess {
  if (!entry.usesStore) return 'none';
  if (entry.trigger !== 'http') return 'writes';
  const writes = everyOperation(entry).some(
    ({ operation: { access, writes, rules = [] } }) =>
      access === 'session' || access === 'writeKey' || writes || rules.length > 0,
  );
  return writes ? 'writes' : 'reads';
}
