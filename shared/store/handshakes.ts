import { collection } from './database.ts';

/** The claim that makes one proof per SRP handshake: created, never changed. Key: the handshake's nonce. */
export interface Handshake {
  readonly expiresAt: Date;
}

export const handshakes = collection<Handshake>('handshakes');
