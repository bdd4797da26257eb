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

/** A small page of ours: no outside resources, light and dark. `body` is HTML already. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Nightvault</title>
<style>
:root { color-scheme: light dark; --ink: #16181d; --soft: #5d6470; --paper: #ffffff; --ground: #f1f3f7; --accent: #3b5bdb; --bad: #b42318; --good: #12703f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaf0; --soft: #a2a9b8; --paper: #1a1d26; --ground: #0f1117; --accent: #6d8bff; --bad: #ff8a80; --good: #6fdb9f; } }
* { box-sizing: border-box; }
code { overflow-wrap: anywhere; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { width: min(460px, 100%); padding: 36px; border-radius: 16px; background: var(--paper); box-shadow: 0 10px 40px rgb(0 0 0 / 12%); }
h1 { margin: 0 0 12px; font-size: 22px; letter-spacing: -0.01em; }
p { margin: 0 0 16px; color: var(--soft); }
button { width: 100%; padding: 13px; border: 0; border-radius: 10px; background: var(--accent); color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button:disabled { opacity: .55; cursor: default; }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.bad { color: var(--bad); } .good { color: var(--good); }
footer { margin-top: 24px; font-size: 13px; color: var(--soft); }
</style>
</head>
<body><main>
${body}
</main></body>
</html>
`;
}
