import type { Database, Query, Ref, Stored } from '../../shared/store/database.ts';

/** Documents of one page: where they hold contents, and where they are small. */
export const pageSize = { contents: 8, small: 200 } as const;

/** Everything a query finds, in the order of ids, so many at a time. */
export async function* paged<T extends object>(
  database: Database,
  query: Omit<Query<T>, 'limit' | 'after' | 'orderBy' | 'descending'>,
  limit: number = pageSize.small,
): AsyncIterable<readonly Stored<T>[]> {
  for (let after: string | undefined; ; ) {
    const page = (await database.list<T>({
      ...query,
      limit,
      ...(after === undefined ? {} : { after }),
    })) as readonly Stored<T>[];
    if (page.length > 0) yield page;
    if (page.length < limit) return;
    after = query.everywhere ? page.at(-1)?.ref.path : page.at(-1)?.id;
  }
}

/** Those of the documents that there are, in one page. */
export async function* existing<T>(database: Database, refs: readonly Ref<T>[]): AsyncIterable<readonly Stored<T>[]> {
  if (refs.length > 0) yield (await database.get(...refs)).filter((found) => found !== undefined);
}
