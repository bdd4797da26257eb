import type { Database, Projection, Query, Stored } from '../shared/store/database.ts';
import { compositeIndexes, groupIndexes, unindexed } from '../shared/store/indexes.ts';

/** A query that Firestore would refuse; its emulator answers it. */
export class IndexMissing extends Error {
  static readonly code = 'INDEX_MISSING';
  readonly code = IndexMissing.code;

  constructor(collectionGroup: string, fields: readonly string[]) {
    super(`No index of ${collectionGroup} by ${fields.join(', ')} is declared in shared/store/indexes.ts.`);
    this.name = 'IndexMissing';
  }
}

/** The same database, which refuses queries for which no index is declared, as Firestore does. */
export function withIndexCheck<D extends Database>(database: D): D {
  return {
    ...database,
    list: async <T, K extends keyof T & string>(query: Query<T> & Projection<K>): Promise<Stored<Pick<T, K>>[]> => {
      requireIndex(query);
      return database.list<T, K>(query);
    },
    sum: async <T>(query: Pick<Query<T>, 'collection' | 'where'>, field: keyof T & string) => {
      requireIndex({ ...query, orderBy: field });
      return database.sum(query, field);
    },
    count: async <T>(query: Pick<Query<T>, 'collection' | 'where' | 'limit'>) => {
      requireIndex(query);
      return database.count(query);
    },
  };
}

/** https://cloud.google.com/firestore/docs/query-data/index-overview */
function requireIndex<T>({ collection, everywhere, where, orderBy, descending = false }: Query<T>): void {
  const id = collection.path.split('/').at(-1) ?? '';
  const equal = where.filter(([, test]) => test === '==').map(([field]) => field);
  const ranged = [...where.filter(([, test]) => test !== '==').map(([field]) => field), ...(orderBy ? [orderBy] : [])];
  const fields = [...new Set<string>([...equal, ...ranged])];
  const [first] = fields;
  if (first === undefined) return;
  const opaque = unindexed.some((each) => each.collectionGroup === id && fields.includes(each.field));
  if (
    !opaque &&
    (fields.length > 1 && ranged.length > 0 ? hasComposite(id, fields, descending) : hasSingle(id, fields, everywhere))
  )
    return;
  throw new IndexMissing(id, fields);
}

/** Its last field is the one that it can be ordered by, and in one direction only. */
const hasComposite = (id: string, fields: readonly string[], descending: boolean): boolean =>
  compositeIndexes.some(
    (index) =>
      index.collectionGroup === id &&
      index.fields.join() === fields.join() &&
      (index.descending ?? false) === descending,
  );

/** Firestore makes these by itself for one collection, and merges them for equality; not over all of one id. */
const hasSingle = (id: string, fields: readonly string[], everywhere = false): boolean =>
  !everywhere ||
  fields.every((field) => groupIndexes.some((index) => index.collectionGroup === id && index.field === field));
