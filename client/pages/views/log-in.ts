import { element } from '../dom.ts';
import { codeOf } from '../explain.ts';
import { actionButton, field, form } from '../form.ts';
import type { Leaf } from '../leaf.ts';
import { go } from '../navigation.ts';
import { takeNotice } from '../notice.ts';
import { ask } from '../remote.ts';
import { state } from '../state.ts';

export function logInView(): Leaf {
  const { purpose } = state;
  const email = field({ label: 'E-mail address', name: 'email', type: 'email', autocomplete: 'username' });
  const passphrase = field({
    label: 'Passphrase',
    name: 'passphrase',
    type: 'password',
    autocomplete: 'current-password',
    hint: 'It stays in your browser: the server learns that you know it, not what it is.',
  });
  const logIn = form(
    {
      button: 'Log in',
      working: 'Deriving your keys…',
      failed: (error) => codeOf(error) === 'EMAIL_NOT_VERIFIED' && resend(email.input),
      async run() {
        state.person = await ask('logIn', { email: email.input.value, passphrase: passphrase.input.value });
        go(location.hash);
      },
    },
    email.node,
    passphrase.node,
  );
  const lead =
    purpose.kind === 'invite'
      ? 'You are invited to a team. Log in to answer, or create an account with the address that the invite came to.'
      : 'Your projects, decrypted here and nowhere else.';
  return {
    title: 'Log in',
    narrow: true,
    body: [
      element(
        'section',
        { class: 'card' },
        element('p', { class: 'lead' }, lead),
        takeNotice(),
        logIn,
        element(
          'p',
          { class: 'aside' },
          element('a', { href: '#/sign-up' }, 'Create an account'),
          element('a', { href: '#/forgot' }, 'Forgot your passphrase?'),
        ),
      ),
    ],
  };
}

/** Another verification mail, for the address that is in the field. */
export function resend(email: HTMLInputElement): HTMLElement {
  const action = actionButton('Send the mail again', { class: 'small' }, async () => {
    await ask('resendVerification', email.value);
    action.replaceWith(
      element('p', { class: 'notice good', role: 'status' }, `A mail is on its way to ${email.value}.`),
    );
  });
  return action;
}
