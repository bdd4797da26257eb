import type { ProfileId } from '../protocol/profiles.ts';
import { collection } from './database.ts';

/** M_Account of the standards document. The encrypted keys are opaque JSON texts made by the client. */
export interface Account {
  readonly email: string;
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
