import { element } from '../dom.ts';
import { field, form } from '../form.ts';
import type { Leaf } from '../leaf.ts';
import { ask } from '../remote.ts';

export function forgotView(): Leaf {
  const email = field({ label: 'E-mail address', name: 'email', type: 'email', autocomplete: 'username' });
  const section = element('section', { class: 'card' });
  const start = form(
    {
      button: 'Send me a link',
      working: 'One moment…',
      async run() {
        await ask('startReset', email.input.value);
        const told = `If ${email.input.value} has an account, a mail is on its way. Its link shows what a reset costs, before anything is done.`;
        section.replaceChildren(
          element('h2', { tabindex: '-1' }, 'Look into your mail'),
          element('p', { class: 'notice good', role: 'status' }, told),
          element('p', { class: 'aside' }, element('a', { href: '#/' }, 'Back to the login')),
        );
        section.querySelector<HTMLElement>('h2')?.focus();
      },
    },
    email.node,
  );
  section.append(
    element(
      'p',
      { class: 'lead' },
      'Nobody can give a passphrase back. A reset makes new keys: groups that only you are in are lost, in the others somebody has to let you in again.',
    ),
    element(
      'p',
      { class: 'notice' },
      'Is a device of yours still logged in? Then set a new passphrase there, and nothing is lost.',
    ),
    start,
    element('p', { class: 'aside' }, element('a', { href: '#/' }, 'Back to the login')),
  );
  return { title: 'Forgot your passphrase?', narrow: true, body: [section] };
}
