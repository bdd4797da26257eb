import { element } from '../dom.ts';
import { field, form } from '../form.ts';
import type { Leaf } from '../leaf.ts';
import { newPassphrase } from '../new-passphrase.ts';
import { ask } from '../remote.ts';
import { resend } from './log-in.ts';

export function signUpView(): Leaf {
  const firstName = field({ label: 'First name', name: 'given-name', autocomplete: 'given-name' });
  const lastName = field({ label: 'Last name', name: 'family-name', autocomplete: 'family-name', optional: true });
  const email = field({ label: 'E-mail address', name: 'email', type: 'email', autocomplete: 'username' });
  const personal = () => [email.input.value, firstName.input.value, lastName.input.value];
  const passphrase = newPassphrase(personal, 'Passphrase');
  const section = element('section', { class: 'card' });
  const signUp = form(
    {
      button: 'Create the account',
      working: 'Making your keys…',
      async run() {
        const chosen = passphrase.read();
        await ask('signUp', {
          email: email.input.value,
          passphrase: chosen,
          firstName: firstName.input.value,
          lastName: lastName.input.value,
        });
        section.replaceChildren(...sent(email.input));
        section.querySelector<HTMLElement>('h2')?.focus();
      },
    },
    element('div', { class: 'pair' }, firstName.node, lastName.node),
    email.node,
    ...passphrase.nodes,
  );
  const lead = 'Your keys are made in this browser. The server gets them locked, and cannot open them.';
  section.append(
    element('p', { class: 'lead' }, lead),
    signUp,
    element('p', { class: 'aside' }, element('a', { href: '#/' }, 'I have an account')),
  );
  return { title: 'Create an account', narrow: true, body: [section] };
}

const sent = (email: HTMLInputElement): Node[] => [
  element('h2', { tabindex: '-1' }, 'Look into your mail'),
  element(
    'p',
    {},
    'A mail is on its way to ',
    element('strong', {}, email.value),
    '. Open its link and press the button there, then log in.',
  ),
  element('p', { class: 'quiet' }, 'Nothing after some minutes? Look into the spam folder, or have it sent again.'),
  resend(email),
  element('p', { class: 'aside' }, element('a', { href: '#/' }, 'Log in')),
];
