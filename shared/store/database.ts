/**
 * The port to the document store: typed references, whole-document reads, and atomic commits in which every document
 * carries a precondition. No transactions with locks: under contention those take seconds, a failed precondition
 * milliseconds (read again, write again).
 */

declare const holds: unique symbol;

/** Where a document of shape `T` lives: `collection/id/collection/id`. */
export interface Ref<T> {
  readonly path: string;
  readonly [holds]?: T;
}

/** A document as read. `revision` is the store's own stamp of that version, for preconditions. */
export interface Stored<T> {
  readonly ref: Ref<T>;
  readonly id: string;
  readonly data: T;
  readonly revision: unknown;
}

export type Filter<T> = readonly [
  field: keyof T & string,
  test: '==' | '<' | '<=' | '>' | '>=',
  value: string | number | boolean,
];

export interface Query<T> {
  /** A collection's path; or, with `everywhere`, the id that collections of this kind have under any parent. */
  readonly collection: Collection<T>;
  readonly everywhere?: boolean;
  readonly where: readonly Filter<T>[];
  readonly orderBy?: keyof T & string;
  readonly descending?: boolean;
  /** Only documents whose id (with `everywhere`, whose path) comes after this one, in that order. Not together with `orderBy`. */
  readonly after?: string;
  readonly limit?: number;
}

/** The fields a query hands back; all of them unless given. Contents that are not wanted are not sent. */
export interface Projection<K> {
  readonly fields?: readonly K[];
}

/** A whole document. */
export interface CreateWrite {
  readonly kind: 'create';
  readonly path: string;
  readonly data: object;
}

/** One document's part in a commit. Made by the functions below. */
export type Write =
  | CreateWrite
  | { readonly kind: 'set'; readonly path: string; readonly data: object }
  | { readonly kind: 'update'; readonly path: string; readonly data: object; readonly revision: unknown }
  | { readonly kind: 'delete'; readonly path: string; readonly revision?: unknown }
  | {
      readonly kind: 'increment';
      readonly path: string;
      readonly field: string;
      readonly by: number;
      readonly data: object;
    };

export interface Database {
  /** One round trip, one read a reference; `undefined` where there is no document. */
  get<const R extends readonly Ref<unknown>[]>(...refs: R): Promise<Found<R>>;
  /** Reads as many documents as it answers, one when none. */
  list<T, K extends keyof T & string = keyof T & string>(
    query: Query<T> & Projection<K>,
  ): Promise<Stored<Pick<T, K>>[]>;
  /** The sum of a number over everything that matches. One read for every thousand documents begun. */
  sum<T>(query: Pick<Query<T>, 'collection' | 'where'>, field: keyof T & string): Promise<number>;
  /** How many documents match, counted up to the limit. Costs what a sum costs. */
  count<T>(query: Pick<Query<T>, 'collection' | 'where' | 'limit'>): Promise<number>;
  /**
   * All writes or none.
   * @throws CommitConflict when a created document exists, or an updated or deleted one has changed or gone
   */
  commit(writes: readonly Write[]): Promise<void>;
}

export type Found<R extends readonly Ref<unknown>[]> = {
  -readonly [K in keyof R]: R[K] extends Ref<infer T> ? Stored<T> | undefined : never;
};

/** Somebody else wrote first. Nothing of the commit happened. */
export class CommitConflict extends Error {
  static readonly code = 'COMMIT_CONFLICT';
  readonly code = CommitConflict.code;

  constructor(cause?: unknown) {
    super('A document of this commit changed since it was read.', { cause });
    this.name = 'CommitConflict';
  }
}

/** The store did not answer, or refused for load. It is not known whether a commit happened. */
export class StoreUnavailable extends Error {
  static readonly code = 'STORE_UNAVAILABLE';
  readonly code = StoreUnavailable.code;

  constructor(cause: unknown) {
    super('The document store is not available.', { cause });
    this.name = 'StoreUnavailable';
  }
}

/** A collection of documents of shape `T`; `parents` are the ids of the documents it lies under. */
export interface Collection<T> {
  readonly path: string;
  doc(id: string): Ref<T>;
}

export const collection = <T>(path: string): Collection<T> => ({ path, doc: (id) => ({ path: `${path}/${id}` }) });

/** Fails the commit if the document exists. */
export const create = <T extends object>(ref: Ref<T>, data: NoInfer<T>): CreateWrite => ({
  kind: 'create',
  path: ref.path,
  data,
});

/** Writes the whole document, whatever was there. */
export const set = <T extends object>(ref: Ref<T>, data: NoInfer<T>): Write => ({ kind: 'set', path: ref.path, data });

/**
 * Changes these fields; fails the commit if the document is not the one that was read. Fields that are so already
 * change nothing, and the document stays the same version: whoever else read it may still write.
 */
export const update = <T extends object>(stored: Stored<T>, fields: Partial<T>): Write => ({
  kind: 'update',
  path: stored.ref.path,
  data: fields,
  revision: stored.revision,
});

/** Fails the commit if the document is not the one that was read. */
export const remove = <T extends object>(stored: Stored<T>): Write => ({
  kind: 'delete',
  path: stored.ref.path,
  revision: stored.revision,
});

/** Deletes the document if there is one, whatever it holds. */
export const erase = (ref: Ref<unknown>): Write => ({ kind: 'delete', path: ref.path });

/** Adds to a number without reading it, making the document with `fields` if there is none. */
export const increment = <T extends object>(
  ref: Ref<T>,
  field: keyof T & string,
  by: number,
  fields: Partial<T>,
): Write => ({
  kind: 'increment',
  path: ref.path,
  field,
  by,
  data: fields,
});
