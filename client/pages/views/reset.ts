import { element, plural, when } from '../dom.ts';
import { codeOf, inWords } from '../explain.ts';
import { accountOf, confirmation, form } from '../form.ts';
import type { Leaf } from '../leaf.ts';
import { newPassphrase } from '../new-passphrase.ts';
import { ask } from '../remote.ts';
import { listRow } from '../row.ts';
import type { Operations } from '../worker/main.ts';

type Preview = Awaited<ReturnType<Operations['previewReset']>>;
type GroupLoss = Preview['groups'][number];

const title = 'Reset your passphrase';

/** @param code from the mail's link */
export async function resetView(code: string | undefined): Promise<Leaf> {
  if (code === undefined) return over('This address holds no code. Open the link in the mail once more.');
  try {
    return page(code, await ask('previewReset', code));
  } catch (error) {
    if (codeOf(error) === 'TOKEN_EXPIRED') return over(inWords(error));
    throw error;
  }
}

const over = (text: string): Leaf => ({
  title,
  narrow: true,
  body: [
    element(
      'section',
      { class: 'card' },
      element('p', { class: 'notice bad', role: 'alert' }, text),
      element('a', { class: 'button primary wide', href: 'vault#/forgot' }, 'Ask for another mail'),
    ),
  ],
});

function page(token: string, { email, expires, groups }: Preview): Leaf {
  const lost = groups.filter(({ outcome }) => outcome === 'lost');
  const kept = groups.filter(({ outcome }) => outcome === 'kept');
  const passphrase = newPassphrase(() => [email]);
  const section = element('section', { class: 'card' });
  const reset = form(
    {
      button: lost.length === 0 ? 'Set the new passphrase' : `Set it, and lose ${plural(lost.length, 'group')}`,
      working: 'Making new keys…',
      danger: lost.length > 0,
      async run() {
        const chosen = passphrase.read();
        const done = await ask('finishReset', { token, email, passphrase: chosen });
        section.replaceChildren(...finished(done.groupsLost, done.groupsKept));
        section.querySelector<HTMLElement>('h2')?.focus();
      },
    },
    accountOf(email),
    ...passphrase.nodes,
    lost.length === 0 ? undefined : understood(lost.length),
  );
  section.append(
    element(
      'p',
      { class: 'lead' },
      'For ',
      element('strong', {}, email),
      '. Nothing has changed yet; the link ends ',
      when(expires),
      '.',
    ),
    ...losses('Lost for good', 'Nobody else has the keys of these groups.', lost, 'bad'),
    ...losses(
      'Closed until somebody lets you in again',
      'They are told by mail, and compare your new fingerprint with you.',
      kept,
      '',
    ),
    ...(groups.length > 0 ? [] : [element('p', { class: 'notice good' }, 'You are in no group, so nothing is lost.')]),
    element('h2', {}, 'Your new passphrase'),
    reset,
  );
  return { title, narrow: true, body: [section] };
}

function losses(heading: string, why: string, groups: readonly GroupLoss[], tone: string): Node[] {
  if (groups.length === 0) return [];
  const rows = groups.map(({ name, role, grantedBy }) => {
    const names = grantedBy.map(({ firstName, lastName }) => [firstName, lastName].filter(Boolean).join(' '));
    const text = names.length === 0 ? `you are its ${role}` : `can be opened again by ${names.join(', ')}`;
    return listRow({ title: [element('strong', {}, name)], text: [text] });
  });
  return [
    element('h2', { class: tone }, `${heading}: ${plural(groups.length, 'group')}`),
    element('p', { class: 'quiet' }, why),
    element('ul', { class: 'rows' }, ...rows),
  ];
}

const understood = (count: number): HTMLElement =>
  confirmation(
    `I understand that what is in ${plural(count, 'this group', 'these groups')} cannot be read by anybody any more.`.replace(
      '1 this',
      'this',
    ),
  );

const finished = (lost: number, kept: number): Node[] => [
  element('h2', { tabindex: '-1' }, 'Your passphrase is new'),
  element(
    'p',
    { class: 'notice good', role: 'status' },
    'All your devices are logged out. Log in with the new passphrase.',
  ),
  element('p', {}, `${plural(lost, 'group')} lost, ${plural(kept, 'group')} waiting for somebody to let you in again.`),
  element('a', { class: 'button primary wide', href: 'vault' }, 'Log in'),
];
