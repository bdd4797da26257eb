import type { ProfileId } from '../protocol/profiles.ts';
import { collection } from './database.ts';

/** What login needs to know of an address, found without knowing the account. Key: SHA-256 of the address. */
export interface Login {
  readonly accountId: string;
  readonly profile: ProfileId;
  readonly saltKey: string;
  readonly saltAuth: string;
  /** The SRP verifier, sealed under a server key: the store alone allows no guessing. */
  readonly sealedVerifier: string;
  readonly isVerified: boolean;
}

export const logins = collection<Login>('logins');
