import type { MailTemplate } from '../../../shared/protocol/mail.ts';
import { escapeHtml } from '../../web/html.ts';
import { templates } from './index.ts';
import type { MailText } from './template.ts';

/**
 * Subject, text and HTML of a mail. Nothing in it is fetched when it is opened: no picture, no script, no redirect, so
 * nobody learns whether and when it was read. @throws ZodError when the values are not the template's
 */
export function render(name: MailTemplate, values: unknown, baseUrl: string) {
  const mail = templates[name].text(values, baseUrl);
  return { subject: mail.subject, text: asText(mail), html: asHtml(mail) };
}

function asText({ paragraphs, action, why }: MailText): string {
  const parts = [...paragraphs, ...(action ? [`${action.label}:\n${action.url}`] : []), `-- \n${why}`];
  return `${parts.join('\n\n')}\n`;
}

function asHtml({ subject, paragraphs, action, why }: MailText): string {
  const button = action
    ? `<p style="margin:28px 0"><a href="${escapeHtml(action.url)}" style="background:#3b5bdb;color:#ffffff;padding:12px 20px;border-radius:8px;text-decoration:none;font-weight:600">${escapeHtml(action.label)}</a></p>
<p style="color:#6b7280;font-size:13px">Or copy this address: ${escapeHtml(action.url)}</p>
`
    : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;background:#f3f4f6;font-family:system-ui,-apple-system,'Segoe UI',sans-serif;color:#111827">
<div style="max-width:520px;margin:32px auto;padding:32px;background:#ffffff;border-radius:12px;line-height:1.55">
<h1 style="font-size:20px;margin:0 0 20px">${escapeHtml(subject)}</h1>
${paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join('\n')}
${button}<p style="margin:28px 0 0;color:#6b7280;font-size:13px">${escapeHtml(why)}</p>
</div></body></html>
`;
}
