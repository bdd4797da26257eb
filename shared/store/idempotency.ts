import { collection } from './database.ts';

/** The answer a call gave, for its retries. Key: SHA-256 of caller and `Idempotency-Key`. */
export interface IdempotencyRecord {
  /** Who called; null without a session. */
  readonly accountId: string | null;
  /** SHA-256 of function, method and body: the same key with another request is refused. */
  readonly requestHash: string;
  readonly body: string;
  readonly expires: number;
  readonly expiresAt: Date;
}

export const idempotencyRecords = collection<IdempotencyRecord>('idempotency');
