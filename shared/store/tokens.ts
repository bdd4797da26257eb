import { collection } from './database.ts';

/** What a token lets its holder do. */
export type TokenPurpose = 'verify-email' | 'passphrase-change' | 'passphrase-reset';

/** A single-use token from a mail. Key: SHA-256 of the token. */
export interface Token {
  readonly purpose: TokenPurpose;
  readonly accountId: string;
  /** Key of the login it is for. */
  readonly loginId: string;
  readonly expires: number;
  readonly expiresAt: Date;
}

export const tokens = collection<Token>('tokens');
