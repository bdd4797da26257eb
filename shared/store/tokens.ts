import type { Account } from './accounts.ts';
import { collection } from './database.ts';
import type { Login } from './logins.ts';

/** What a token lets its holder do. */
export type TokenPurpose =
  | 'verify-email'
  | 'passphrase-change'
  | 'passphrase-reset'
  | 'email-change'
  | 'account-delete';

/** Another address for an account, with what is derived from it: it takes the place of what stands, or nothing does. */
export interface NewAddress
  extends Pick<Account, 'email' | 'profile' | 'saltEnc' | 'encSymmetricKey'>,
    Pick<Login, 'saltKey' | 'saltAuth' | 'sealedVerifier'> {
  /** `encSymmetricKey` of the account as it must still be then. */
  readonly baseEncSymmetricKey: string;
}

/** A single-use token from a mail. Key: SHA-256 of the token. */
export interface Token {
  readonly purpose: TokenPurpose;
  readonly accountId: string;
  /** Key of the login it is for. */
  readonly loginId: string;
  /** Of purpose `email-change`. */
  readonly newAddress?: NewAddress;
  readonly expires: number;
  readonly expiresAt: Date;
}

export const tokens = collection<Token>('tokens');
