import type { Context } from '../../shared/platform/context.ts';
import type { Collection, Stored, Write } from '../../shared/store/database.ts';
import { paged } from './paged.ts';

/** By what an account's data are found. */
export interface Owner {
  readonly accountId: string;
  /** The address, and those it had before. */
  readonly emails: readonly string[];
  /** The groups it is, or was, a member of. */
  readonly groupIds: readonly string[];
  /** When the account was deleted: later mails to an address are those of who has it since. */
  readonly until?: number;
  /** The one mail that stays until it is sent. */
  readonly lastMailId?: string;
}

export type Store = Pick<Context, 'database' | 'clock' | 'sealer'>;
export type Pages<T> = AsyncIterable<readonly Stored<T>[]>;

/** One kind of data that the server holds of an account: how to find it, to show it to its owner, and to erase it. */
export interface Holding<T extends object = object> {
  /** Its member in the export. */
  readonly name: string;
  /** The collections whose documents are found by it. */
  readonly collections: readonly string[];
  /** For the reader of an export: what it is, and what is left out, and why. */
  readonly about: string;
  pages(owner: Owner, store: Store): Pages<T>;
  /** Fields as the export has them: all of them unless given. */
  show?(data: T): object;
  /** Bytes that belong to a document and stand in others. */
  bytes?(row: Stored<T>, store: Store): AsyncIterable<Uint8Array>;
  /** Takes these documents, or the account out of them. They are deleted unless given. */
  erase?(rows: readonly Stored<T>[], owner: Owner, store: Store): Promise<Write[]>;
}

/** Lets the compiler infer what the documents are. */
export const holding = <T extends object>(each: Holding<T>): Holding => each as Holding;

/** What names the account. */
export const mine =
  <T extends { readonly accountId: string | null }>(collection: Collection<T>) =>
  ({ accountId }: Owner, { database }: Store): Pages<T> =>
    paged<T>(database, { collection, where: [['accountId', '==', accountId] as const] });

/** The same, of collections that stand under many documents. */
export const mineEverywhere =
  <T extends { readonly accountId: string }>(collection: Collection<T>) =>
  ({ accountId }: Pick<Owner, 'accountId'>, { database }: Pick<Store, 'database'>): Pages<T> =>
    paged<T>(database, { collection, everywhere: true, where: [['accountId', '==', accountId] as const] });

/** What each of its groups holds. */
export function inEach<T>(
  pages: (groupId: string, store: Store) => Pages<T>,
): (owner: Owner, store: Store) => Pages<T> {
  return async function* ({ groupIds }, store) {
    for (const groupId of groupIds) yield* pages(groupId, store);
  };
}
