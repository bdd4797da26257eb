import type { Context } from '../../shared/platform/context.ts';
import { errorFields } from '../../shared/platform/log.ts';
import { lifetimes } from '../../shared/protocol/limits.ts';
import type { MailTemplate } from '../../shared/protocol/mail.ts';
import { type CreateWrite, create } from '../../shared/store/database.ts';
import { type OutboxMessage, outbox } from '../../shared/store/outbox.ts';
import { lostAfterMs } from './retries.ts';
import type { TemplateValues } from './templates/index.ts';
import { emailDeliveries } from './topic.ts';

interface MailRequest<T extends MailTemplate> {
  readonly to: string;
  readonly template: T;
  readonly values: TemplateValues<T>;
  /** 32 hex characters. Random unless given: a mail that must exist once whatever is repeated gets its own. */
  readonly id?: string;
  readonly noticeId?: string;
}

/** JSON may end in spaces. So the size of a mail that is queued does not tell which one it is. */
const padded = (json: string) => Buffer.from(json.padEnd(Math.ceil(json.length / paddingBytes) * paddingBytes));
const paddingBytes = 256;

/** What seals the values of one message. */
export const mailSeal = 'mail values';

/** An outbox row for the caller's own commit: the mail exists exactly if its cause does. */
export async function queueMail<T extends MailTemplate>(
  { sealer, clock, random }: Context,
  { to, template, values, noticeId, ...given }: MailRequest<T>,
): Promise<{ id: string; write: CreateWrite }> {
  const id = given.id ?? Buffer.from(random(16)).toString('hex');
  const sealedValues = await sealer.seal('mail-key', mailSeal, id, padded(JSON.stringify(values)));
  const created = clock.now();
  const message: OutboxMessage = {
    to,
    template,
    sealedValues,
    state: 'queued',
    attempts: 0,
    wakeAt: created + lostAfterMs,
    lastError: null,
    providerId: null,
    noticeId: noticeId ?? null,
    created,
    ended: null,
    expiresAt: new Date(created + lifetimes.outboxMessage),
  };
  return { id, write: create(outbox.doc(id), message) };
}

/** After the commit. When this fails the mail is late, not lost: it stands in the outbox, and the sweeper finds it. */
export async function announceMail({ publisher, log, requestId }: Context, messageId: string): Promise<void> {
  try {
    await publisher.publish(emailDeliveries, { messageId });
  } catch (error) {
    log.write('WARNING', 'a mail is queued but could not be announced', {
      messageId,
      requestId,
      ...errorFields(error),
    });
  }
}
