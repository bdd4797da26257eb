import { collection } from './database.ts';

/** Something that many accounts are told by mail. Its mails stand in the outbox, under ids made of notice and account. */
export interface BreachNotice {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** Sorted; null for every account. */
  readonly accountIds: readonly string[] | null;
  /** How many could be reached when it began. */
  readonly recipients: number;
  readonly created: number;
  /** `created` until every mail is queued, then null. */
  readonly unfinishedSince: number | null;
  readonly finished: number | null;
  /** The account up to which, in the order of ids, mails are queued; moves in the commit that queues them. */
  readonly position: string | null;
  readonly queued: number;
}

export const breachNotices = collection<BreachNotice>('breachNotices');
