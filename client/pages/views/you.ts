import { deviceName } from '../device.ts';
import { element, when } from '../dom.ts';
import { fingerprintCard } from '../fingerprint.ts';
import { actionButton } from '../form.ts';
import type { Leaf } from '../leaf.ts';
import { announce, go, leave } from '../navigation.ts';
import { ask } from '../remote.ts';
import { listRow, tag } from '../row.ts';
import { state } from '../state.ts';
import type { SessionRow } from '../worker/sessions.ts';

export async function youView(): Promise<Leaf> {
  const { person } = state;
  const sessions = await ask('sessions');
  const others = sessions.filter(({ current }) => !current);
  return {
    title: 'You',
    body: [
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
    ],
  };
}

function row({ sessionId, label, created, lastUsed, current }: SessionRow): HTMLElement {
  const name = deviceName(label);
  const end = async () => {
    await ask('revokeSession', sessionId);
    go('#/you');
    announce('The session has ended.');
  };
  return listRow({
    title: [element('strong', { title: label }, name), current && tag('this page')],
    text: ['since ', when(created), ', last used ', when(lastUsed)],
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
    announce(`${ended} sessions have ended.`);
  });
