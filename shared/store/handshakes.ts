import { type Collection, collection } from './database.ts';

/**
 * The end of an SRP handshake. Creating it claims the handshake, so that there is one proof to each; and it is the
 * record by which guesses are counted. Key: the handshake's nonce.
 */
export interface Handshake {
  /** The login and the caller's network, hashed under a server key: who has the store alone cannot try networks out. */
  readonly from: string;
  readonly at: number;
  /** Wrong until proved right. `unverified`: right, for an address that nobody has shown to be theirs. */
  readonly outcome: 'wrong' | 'right' | 'unverified';
  readonly expiresAt: Date;
}

/** Of one login, whether there is one of that key or not. */
export const handshakes = (loginId: string): Collection<Handshake> =>
  collection<Handshake>(`handshakes/${loginId}/attempts`);
