import { collection } from './database.ts';

/** An e-mail to send. It commits with its cause; Pub/Sub only says "look". */
export interface OutboxMessage {
  readonly to: string;
  readonly template: 'verify-email' | 'account-exists';
  /** What the template needs, sealed: it may hold a live token. Emptied once sent. */
  readonly sealedValues: string;
  readonly state: 'queued' | 'sending' | 'sent';
  readonly attempts: number;
  /** While `sending`: until when the sender has it to itself. */
  readonly leaseUntil: number;
  /** Why the last attempt failed, in the mail server's words. */
  readonly lastError: string | null;
  readonly created: number;
  readonly expiresAt: Date;
}

export const outbox = collection<OutboxMessage>('outbox');
