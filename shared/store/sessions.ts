import { collection } from './database.ts';

/** A logged-in device. Key: SHA-256 of the session token, which the store never holds. */
export interface Session {
  readonly accountId: string;
  /** What the device calls itself, for its owner to know it by. */
  readonly label: string;
  readonly created: number;
  /** When it was last used, at most a day behind. */
  readonly lastUsed: number;
  readonly expires: number;
  /** For Firestore's TTL policy, which is lazy: `expires` is what counts. */
  readonly expiresAt: Date;
}

export const sessions = collection<Session>('sessions');
