import type * as z from 'zod';
import { sha256Hex } from '../../shared/platform/hash.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { type emailStatus, type MailState, mailStates } from '../../shared/protocol/mail.ts';
import type { Database, Filter, Stored } from '../../shared/store/database.ts';
import { type OutboxMessage, outbox } from '../../shared/store/outbox.ts';

type OperatorsMail = z.output<typeof emailStatus.output>['messages'][number];

/** All that operators are shown: no address, and nothing the mail says. */
const fields = ['to', 'template', 'state', 'attempts', 'wakeAt', 'lastError', 'created'] as const;

interface Page {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Mails in the order of their ids, which is no order in time. `next` is null on the last page. */
export async function listMails(database: Database, where: readonly Filter<OutboxMessage>[], { after, limit }: Page) {
  const start = after === undefined ? {} : { after };
  const found = await database.list({ collection: outbox, where, limit, fields, ...start });
  return { mails: found.map(view), next: found.length === limit ? (found.at(-1)?.id ?? null) : null };
}

function view({ id, data }: Stored<Pick<OutboxMessage, (typeof fields)[number]>>): OperatorsMail {
  const { to, template, state, attempts, wakeAt, lastError, created } = data;
  return {
    messageId: id,
    recipient: sha256Hex(to).slice(0, limits.recipientCharacters),
    template,
    state,
    attempts,
    reason: lastError,
    created,
    nextAttempt: state === 'failed' ? wakeAt : null,
  };
}

/** How many mails are in each state. */
export async function countMails(
  database: Database,
  where: readonly Filter<OutboxMessage>[],
): Promise<Record<MailState, number>> {
  const counts = await Promise.all(
    mailStates.map(
      async (state): Promise<[MailState, number]> => [
        state,
        await database.count({ collection: outbox, where: [...where, ['state', '==', state]] }),
      ],
    ),
  );
  return Object.fromEntries(counts) as Record<MailState, number>;
}
