import type { ListedSession } from '../../api/sessions.ts';
import { deviceName } from '../device.ts';
import { element, plural, when } from '../dom.ts';
import { fingerprintCard } from '../fingerprint.ts';
import { accountOf, actionButton, field, form } from '../form.ts';
import type { Leaf } from '../leaf.ts';
import { announce, go, leave } from '../navigation.ts';
import { newPassphrase } from '../new-passphrase.ts';
import { takeNotice } from '../notice.ts';
import { ask } from '../remote.ts';
import { listRow, tag } from '../row.ts';
import { state } from '../state.ts';

export async function youView(): Promise<Leaf> {
  const { person } = state;
  const sessions = await ask('sessions');
  const others = sessions.filter(({ current }) => !current);
  return {
    title: 'You',
    body: [
      takeNotice(),
      element(
        'section',
        { class: 'card' },
        element('h2', {}, [person?.firstName, person?.lastName].filter(Boolean).join(' ') || 'Your key'),
        element('p', { class: 'quiet' }, person?.email),
        element('p', {}, 'Whoever shares with you asks for this. Read the words to them, on the phone or in person.'),
        person && fingerprintCard(person, 'Your'),
      ),
      element(
        'section',
        { class: 'card' },
        element('h2', {}, 'Where you are logged in'),
        element('ul', { class: 'rows' }, ...sessions.map(row)),
        others.length > 1 ? endOthers() : undefined,
      ),
      element('details', { class: 'card fold' }, element('summary', {}, 'Change the passphrase'), changePassphrase()),
    ],
  };
}

function row({ sessionId, label, created, lastUsed, current }: ListedSession): HTMLElement {
  const name = deviceName(label);
  const end = async () => {
    await ask('revokeSession', sessionId);
    go('#/you');
    announce('The session has ended.');
  };
  return listRow({
    title: [element('strong', { title: label }, name), current && tag('this page')],
    text: ['logged in ', when(created), ', last used ', when(lastUsed)],
    action: current ? logOutHere() : actionButton('End', { describe: `End the session ${name}` }, end),
  });
}

const logOutHere = (): HTMLElement =>
  actionButton('Log out', { describe: 'Log out of this page' }, async () => {
    await ask('logOut').catch(() => undefined);
    leave('You are logged out.');
  });

const endOthers = (): HTMLElement =>
  actionButton('End all others', {}, async () => {
    const ended = await ask('revokeSession', 'others');
    go('#/you');
    announce(`${plural(ended, 'session')} ended.`);
  });

function changePassphrase(): HTMLElement {
  const { email = '', firstName = '', lastName = '' } = state.person ?? {};
  const old = field({
    label: 'The passphrase you have now',
    name: 'passphrase',
    type: 'password',
    autocomplete: 'current-password',
  });
  const next = newPassphrase(() => [email, firstName, lastName]);
  return form(
    {
      button: 'Set the new passphrase',
      working: 'Locking your keys anew…',
      async run() {
        const chosen = next.read();
        const ended = await ask('changePassphrase', { old: old.input.value, next: chosen });
        state.notice = `Your passphrase is new. ${plural(ended, 'other session')} ended.`;
        go('#/you');
      },
    },
    accountOf(email),
    element('p', { class: 'quiet' }, 'Your keys and groups stay as they are. All your other devices are logged out.'),
    old.node,
    ...next.nodes,
  );
}
