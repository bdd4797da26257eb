import type { MailState, MailTemplate } from '../protocol/mail.ts';
import { collection } from './database.ts';

/** An e-mail to send. It commits with its cause; Pub/Sub only says "look". */
export interface OutboxMessage {
  readonly to: string;
  readonly template: MailTemplate;
  /** What the template needs, sealed: it may hold a live token. Emptied once sent. */
  readonly sealedValues: string;
  readonly state: MailState;
  readonly attempts: number;
  /**
   * When the sweeper may announce it again; null once nothing is to be done. While `sending`, until then the sender has
   * it to itself; while `failed`, before then nobody tries again.
   */
  readonly wakeAt: number | null;
  /** Why the last attempt failed, in the mail server's words, less the addresses in them. */
  readonly lastError: string | null;
  /** The mail server's own id of the mail, for its logs. */
  readonly providerId: string | null;
  /** The breach notice it belongs to. */
  readonly noticeId: string | null;
  readonly created: number;
  /** When it was sent or given up. */
  readonly ended: number | null;
  readonly expiresAt: Date;
}

export const outbox = collection<OutboxMessage>('outbox');
