import * as z from 'zod';
import { verificationToken } from '../../shared/protocol/account.ts';
import type { OutboxMessage } from '../../shared/store/outbox.ts';
import { escapeHtml } from '../web/html.ts';

/** What each template needs. */
export interface TemplateValues {
  readonly 'verify-email': { readonly token: string };
  readonly 'account-exists': Record<string, never>;
}

interface MailText {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly action?: { readonly label: string; readonly url: string };
}

/** Subject, text and HTML of a mail. @throws ZodError when the values are not the template's */
export function render(template: OutboxMessage['template'], values: unknown, baseUrl: string) {
  const mail = texts[template](values, baseUrl);
  return { subject: mail.subject, text: asText(mail), html: asHtml(mail) };
}

const texts: Readonly<Record<OutboxMessage['template'], (values: unknown, baseUrl: string) => MailText>> = {
  'verify-email': (values, baseUrl) => {
    const { token } = z.object({ token: verificationToken }).parse(values);
    return {
      subject: 'Verify your address for Nightvault',
      paragraphs: [
        'Somebody, most likely you, signed up for Nightvault with this address.',
        'Open the page below and press its button, and the account can log in. The link works once, for 24 hours.',
        'If it was not you, do nothing: an account that is not verified cannot be used.',
      ],
      action: { label: 'Verify this address', url: `${baseUrl}/account-verify?token=${token}` },
    };
  },
  'account-exists': () => ({
    subject: 'You have a Nightvault account already',
    paragraphs: [
      'Somebody, most likely you, asked to sign up or to be verified with this address. It has a verified account already, and nothing was changed.',
      'Just log in with your passphrase. If it was not you, you need not do anything.',
    ],
  }),
};

function asText({ paragraphs, action }: MailText): string {
  return [...paragraphs, ...(action ? [`${action.label}:\n${action.url}`] : [])].join('\n\n');
}

function asHtml({ subject, paragraphs, action }: MailText): string {
  const button = action
    ? `<p style="margin:28px 0"><a href="${escapeHtml(action.url)}" style="background:#3b5bdb;color:#ffffff;padding:12px 20px;border-radius:8px;text-decoration:none;font-weight:600">${escapeHtml(action.label)}</a></p>
<p style="color:#6b7280;font-size:13px">Or copy this address: ${escapeHtml(action.url)}</p>`
    : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;background:#f3f4f6;font-family:system-ui,-apple-system,'Segoe UI',sans-serif;color:#111827">
<div style="max-width:520px;margin:32px auto;padding:32px;background:#ffffff;border-radius:12px;line-height:1.55">
<h1 style="font-size:20px;margin:0 0 20px">${escapeHtml(subject)}</h1>
${paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join('\n')}
${button}
</div></body></html>
`;
}
