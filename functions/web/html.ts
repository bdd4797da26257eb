import type { FileReference, Frame, PageScript } from '../../shared/platform/pages.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML shows it, in an element or a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** A page of ours. All it loads are built files, each checked by its hash. `body` is HTML already. */
export function page(title: string, body: string, { pages, base }: Frame, script?: PageScript): string {
  const url = ({ name }: FileReference) => escapeHtml(`${base}page-file?name=${name}`);
  const link = ({ name, integrity }: FileReference) => `="${url({ name, integrity })}" integrity="${integrity}"`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · Nightvault</title>
<link rel="icon" type="image/svg+xml" href="${url(pages.icon)}">
<link rel="stylesheet" href${link(pages.style)}>
${script === undefined ? '' : `<script type="module" src${link(pages.scripts[script])}></script>\n`}</head>
<body>
${body}
</body>
</html>
`;
}

/** A page with one thing on it. */
export const card = (frame: Frame, body: string): string => `<header class="bar">
<a class="brand" href="${escapeHtml(frame.base)}vault"><img src="${escapeHtml(`${frame.base}page-file?name=${frame.pages.icon.name}`)}" alt="" width="34" height="34">Nightvault</a>
</header>
<main class="narrow"><section class="card">
${body}
</section></main>`;
