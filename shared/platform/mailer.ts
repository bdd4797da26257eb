import type { Transporter } from 'nodemailer';
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
  /** Resolves once the mail server has taken the mail. */
  send(mail: Mail): Promise<void>;
}

/** SMTP to the server that the secret `smtp-url` names (`smtp://user:password@host:port`, `smtps://…`). */
export function smtpMailer(from: string, secrets: Secrets): Mailer & { close(): void } {
  let open: { url: string; transport: Transporter } | undefined;
  return {
    send: async ({ messageId, to, subject, text, html }) => {
      const url = Buffer.from((await secrets.current('smtp-url')).bytes)
        .toString('utf8')
        .trim();
      if (open?.url !== url) {
        open?.transport.close();
        const { createTransport } = await import('nodemailer');
        open = { url, transport: createTransport(url, { from }) };
      }
      const headers = { 'Auto-Submitted': 'auto-generated' };
      await open.transport.sendMail({ messageId, to: { name: '', address: to }, subject, text, html, headers });
    },
    close: () => open?.transport.close(),
  };
}
