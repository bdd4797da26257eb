import type * as z from 'zod';
import { sessionList, sessionRevoke } from '../../shared/protocol/account.ts';
import { auditList } from '../../shared/protocol/audit.ts';
import { sessionMails } from '../../shared/protocol/mail.ts';
import type { Context, Until } from './context.ts';

export type ListedSession = z.output<typeof sessionList.output>['sessions'][number];
export type AuditEvent = z.output<typeof auditList.output>['events'][number];
export type OwnMail = z.output<typeof sessionMails.output>['mails'][number];

/** The devices that are logged in, and what happened in the account. */
export class Sessions {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The last used first. */
  async list(until: Until = {}): Promise<ListedSession[]> {
    return (await this.#context.session(until).connection.get('session-list', sessionList, {})).sessions;
  }

  /**
   * @param which a session's id; `others`, all but this one; `all`
   * @returns how many ended
   * @throws {CallFailed} `SESSION_NOT_FOUND`
   */
  async revoke(which: string, until: Until = {}): Promise<number> {
    const { connection } = this.#context.session(until);
    return (await connection.post('session-revoke', sessionRevoke, { sessionId: which })).revoked;
  }

  /** What happened in the account, newest first. */
  async *events(until: Until = {}): AsyncGenerator<AuditEvent> {
    const { connection } = this.#context.session(until);
    let next: number | null = null;
    do {
      const before: { before?: string } = next === null ? {} : { before: String(next) };
      const page: z.output<typeof auditList.output> = await connection.get('audit-list', auditList, before);
      yield* page.events;
      next = page.next;
    } while (next !== null);
  }

  /** The newest mails to this account, and whether they were sent. */
  async mails(until: Until = {}): Promise<OwnMail[]> {
    return (await this.#context.session(until).connection.get('session-mails', sessionMails, {})).mails;
  }
}
