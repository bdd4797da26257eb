import { types } from 'node:util';
import type { Transporter } from 'nodemailer';
import { errorCode } from './log.ts';
import type { Secrets } from './secrets.ts';

export interface Mail {
  /** Stays the same over retries, so that a mail server or client can drop a second copy. */
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailer {
  /**
   * Resolves once the mail server has taken the mail, with the server's own id of it.
   * @throws MailRefused when it will never take this mail; anything else may pass
   */
  send(mail: Mail): Promise<{ readonly providerId: string }>;
}

/** The mail server refuses this mail to this address for good (5xx). */
export class MailRefused extends Error {
  static readonly code = 'MAIL_REFUSED';
  readonly code = MailRefused.code;

  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = 'MailRefused';
  }
}

/** Well within the time a function has: nodemailer's own are up to ten minutes. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 15_000 };

/** SMTP to the server that the secret `smtp-url` names (`smtp://user:password@host:port`, `smtps://…`). */
export function smtpMailer(from: string, secrets: Secrets): Mailer & { close(): void } {
  let open: { url: string; transport: Transporter<{ response: string }> } | undefined;
  return {
    send: async ({ messageId, to, subject, text, html }) => {
      const url = Buffer.from((await secrets.current('smtp-url')).bytes)
        .toString('utf8')
        .trim();
      if (open?.url !== url) {
        open?.transport.close();
        const { createTransport } = await import('nodemailer');
        open = { url, transport: createTransport({ url, ...timeouts }, { from }) };
      }
      const headers = { 'Auto-Submitted': 'auto-generated' };
      const mail = { messageId, to: { name: '', address: to }, subject, text, html, headers };
      try {
        return { providerId: idIn((await open.transport.sendMail(mail)).response) };
      } catch (error) {
        throw types.isNativeError(error) && isForGood(error) ? new MailRefused(error) : error;
      }
    },
    close: () => open?.transport.close(),
  };
}

/** Every server words it its own way: `250 2.0.0 Ok: queued as 4F2A`, `250 OK id=1rXyz-0001`, `250 Ok 0102018…`. */
export const idIn = (response: string): string =>
  (/(?:queued as|\bid[=:]) *([^\s;,]+)/i.exec(response)?.[1] ?? response.replace(/^\d{3} ([\d.]+ )?/, '')).slice(
    0,
    200,
  );

/** What refuses the login or the sender says nothing about the mail: the operator sets that right, and it goes out. */
function isForGood(error: Error): boolean {
  const { command, responseCode } = error as Error & { command?: unknown; responseCode?: unknown };
  const aboutTheMail = errorCode(error) === 'EMESSAGE' || command === 'RCPT TO' || command === 'DATA';
  return aboutTheMail && typeof responseCode === 'number' && responseCode >= 500;
}
