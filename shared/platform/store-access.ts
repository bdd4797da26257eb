import type { AnyFunction } from './definition.ts';

/** What a function's service account may do with the database. */
export type StoreAccess = 'none' | 'reads' | 'writes';

/**
 * Follows from what the entry says: a session is looked up and kept alive, a rate rule is counted, a writing operation
 * writes. Operators' functions that do not write read. What is open to anybody and bound by no rule leaves the store
 * alone: that would be a free way to run up its bill. The local stack holds every call to this.
 */
export function storeAccess(entry: AnyFunction): StoreAccess {
  if (entry.trigger !== 'http') return 'writes';
  const operations = Object.values(entry.operations);
  const writes = operations.some(
    ({ access, writes, rules = [] }) => access === 'session' || writes || rules.length > 0,
  );
  if (writes) return 'writes';
  return operations.some(({ access }) => access === 'internal') ? 'reads' : 'none';
}
