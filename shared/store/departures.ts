import { collection } from './database.ts';

/**
 * An account that is deleted, and what of it is still to be erased. The commit that makes the account dead creates it;
 * the last thing erased is this. Key: the account.
 */
export interface Departure {
  /** The address, and those it had before. */
  readonly emails: readonly string[];
  /** Every group that the account was a member of. */
  readonly groupIds: readonly string[];
  /** Those of them that go with it and are not erased yet. */
  readonly doomedGroupIds: readonly string[];
  readonly departed: number;
  /** The mail that tells of it: it goes last, once it is sent or given up. */
  readonly mailId: string;
  /** When the sweep looks at it next. */
  readonly wakeAt: number;
}

export const departures = collection<Departure>('departures');
