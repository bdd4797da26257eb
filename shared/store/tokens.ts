import { collection } from './database.ts';

/** A single-use token from a mail. Key: SHA-256 of the token. */
export interface Token {
  readonly purpose: 'verify-email';
  readonly accountId: string;
  /** Key of the login it verifies. */
  readonly loginId: string;
  readonly expires: number;
  readonly expiresAt: Date;
}

export const tokens = collection<Token>('tokens');
