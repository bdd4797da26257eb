import { readFile } from 'node:fs/promises';
import { templates } from '../../../functions/email/templates/index.ts';
import { render } from '../../../functions/email/templates/render.ts';
import { type MailTemplate, mailTemplates } from '../../../shared/protocol/mail.ts';

const base = 'https://vault.example.com/v1';
const hostile = `<img src="https://evil.example/x.png" onerror='alert(1)'> & "more"`;

const jane = { firstName: 'Jane', lastName: 'Doe', email: 'jane@example.com' };

const samples: Readonly<Record<MailTemplate, object>> = {
  'verify-email': { token: 'a'.repeat(43) },
  'account-exists': {},
  'passphrase-code': { token: 'b'.repeat(43) },
  'passphrase-reset': { token: 'c'.repeat(43) },
  'rekey-request': { firstName: 'Jane', lastName: '', email: 'jane@example.com', groups: ['Web shop', 'Tests'] },
  'email-change': { token: 'c'.repeat(43) },
  'email-in-use': {},
  'deletion-code': { token: 'd'.repeat(43) },
  'security-notice': {
    event: 'Your passphrase was changed.',
    at: Date.UTC(2026, 2, 2, 14, 5, 59),
    whatToDo: 'reset it at once, and tell the operator.',
  },
  'breach-notice': {
    subject: 'Somebody has read our store',
    paragraphs: ['On 1 March a copy of the store was taken.', 'Your contents are encrypted; the names were not.'],
  },
  'team-invite': { teamName: 'Harbour Goods', inviter: jane, hasAccount: false, code: 'c'.repeat(43) },
  'invite-accepted': { teamName: 'Harbour Goods', member: jane },
  'invite-confirmed': { teamName: 'Harbour Goods', admin: jane },
};

const attacks: Partial<Record<MailTemplate, object>> = {
  'rekey-request': { firstName: hostile, lastName: hostile, email: hostile, groups: [hostile] },
  'security-notice': { event: hostile, at: 0, whatToDo: hostile },
  'breach-notice': { subject: hostile, paragraphs: [hostile, hostile] },
};

/** What a reader sees of the HTML, as words in order. */
const words = (html: string): string[] =>
  html
    .replace(/<title>.*<\/title>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .split(/\s+/)
    .filter(Boolean);

describe.each(mailTemplates)('the mail %s', (name) => {
  const { subject, text, html } = render(name, samples[name], base);

  it('reads', () => {
    expect(`Subject: ${subject}\n\n${text}`).toMatchSnapshot();
  });

  it('holds the same in both its parts', () => {
    const inHtml = words(html).join(' ');
    const lines = text.split('\n').filter((line) => line !== '' && line !== '-- ');
    for (const line of lines) expect(inHtml).toContain(line.replace(/:$/, ''));
    const known = new Set([...`${subject} ${text} Or copy this address:`.split(/\s+/)]);
    expect(words(html).filter((word) => !known.has(word))).toEqual([]);
  });

  it('fetches nothing, and links to this deployment only', () => {
    expect(html).not.toMatch(/<(img|script|link|iframe|object|form|style|video|audio|picture|svg)\b|url\(|src=/i);
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, url = '']) => url);
    for (const url of links) expect(url.startsWith(`${base}/`)).toBe(true);
    expect(text.match(/https?:\/\/\S+/g) ?? []).toEqual(links);
  });

  it('says at its end why one gets it', () => {
    expect(text).toMatch(/\n-- \nYou get this mail because [^\n]+\n$/);
  });

  it('is of use for some time', () => {
    expect(templates[name].usefulFor).toBeGreaterThanOrEqual(3_600_000);
  });

  it('stands in docs/mail.md, with how long it is of use', async () => {
    const hours = templates[name].usefulFor / 3_600_000;
    const told = hours === 1 ? '60 minutes' : hours === 24 ? '24 hours' : `${hours / 24} days`;
    expect(await readFile('docs/mail.md', 'utf8')).toMatch(new RegExp(`^\\| \`${name}\` \\| .+ \\| ${told} \\|$`, 'm'));
  });
});

describe.each(Object.entries(attacks))('hostile values in %s', (name, values) => {
  it('stay text', () => {
    const { subject, text, html } = render(name as MailTemplate, values, base);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=&quot;https://evil.example/x.png&quot; onerror=&#39;alert(1)&#39;&gt; &amp;');
    expect(text).toContain(hostile);
    expect(subject).not.toMatch(/[\r\n]/);
  });
});

describe('values that are not the template’s', () => {
  it.each<[MailTemplate, object, string]>([
    ['verify-email', { token: 'short' }, 'must be the token from the mail'],
    ['security-notice', { event: '', at: 0, whatToDo: 'x' }, 'Too small'],
    ['breach-notice', { subject: 'a\r\nBcc: all@example.com', paragraphs: ['x'] }, 'without control characters'],
    ['breach-notice', { subject: 'a', paragraphs: [] }, 'Too small'],
  ])('of %s are refused', (name, values, message) => {
    expect(() => render(name, values, base)).toThrow(message);
  });
});
