import type { ProfileId } from '../protocol/profiles.ts';
import { collection } from './database.ts';

export interface FormerEmail {
  readonly email: string;
  /** Until then. */
  readonly until: number;
}

/** M_Account of the standards document. The encrypted keys are opaque JSON texts made by the client. */
export interface Account {
  readonly email: string;
  /** Addresses it had before, while mails to them may be on record. Absent where it never changed. */
  readonly formerEmails?: readonly FormerEmail[];
  readonly firstName: string;
  readonly lastName: string;
  readonly created: number;
  readonly profile: ProfileId;
  readonly saltEnc: string;
  readonly publicKey: string;
  readonly encPrivateKey: string;
  readonly encSymmetricKey: string;
  /** Counts passphrase resets: everything made for an earlier generation is lost to this account. */
  readonly generation: number;
  /** Counts links made for it, so that a reset at the same time misses none that is wrapped to the old key. */
  readonly linkChanges: number;
}

export const accounts = collection<Account>('accounts');
