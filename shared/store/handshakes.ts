import { collection } from './database.ts';

/**
 * The end of an SRP handshake. Creating it claims the handshake, so that there is one proof to each; and it is the
 * record by which guesses are counted. Key: the handshake's nonce.
 */
export interface Handshake {
  /** Key of the login it was for, whether there is one or not. */
  readonly loginId: string;
  /** That login and the caller's network, hashed under a server key: who has the store alone cannot try networks out. */
  readonly from: string;
  readonly at: number;
  /** Wrong until proved right. `unverified`: right, for an address that nobody has shown to be theirs. */
  readonly outcome: 'wrong' | 'right' | 'unverified';
  readonly expiresAt: Date;
}

export const handshakes = collection<Handshake>('handshakes');
