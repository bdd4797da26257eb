import type { Database, Found, Projection, Query, Ref, Stored } from './database.ts';

/** What Firestore bills: documents read, at least one a query, and documents written or deleted. */
export interface Count {
  reads: number;
  writes: number;
}

/** The same database, counting what passes through it. Attempts that met a conflict count too, as they are billed. */
export function counted(database: Database): { readonly database: Database; readonly count: Readonly<Count> } {
  const count: Count = { reads: 0, writes: 0 };
  return {
    count,
    database: {
      get: <const R extends readonly Ref<unknown>[]>(...refs: R): Promise<Found<R>> => {
        count.reads += refs.length;
        return database.get(...refs);
      },
      list: async <T, K extends keyof T & string>(query: Query<T> & Projection<K>): Promise<Stored<Pick<T, K>>[]> => {
        const found = await database.list<T, K>(query);
        count.reads += Math.max(1, found.length);
        return found;
      },
      sum: (query, field) => {
        count.reads += 1;
        return database.sum(query, field);
      },
      count: (query) => {
        count.reads += 1;
        return database.count(query);
      },
      commit: (writes) => {
        count.writes += writes.length;
        return database.commit(writes);
      },
    },
  };
}
