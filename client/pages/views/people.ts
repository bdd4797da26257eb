import { compareForm } from '../compare.ts';
import { element, when } from '../dom.ts';
import { actionButton, choice, field, form } from '../form.ts';
import type { Leaf } from '../leaf.ts';
import { announce, go } from '../navigation.ts';
import { ask } from '../remote.ts';
import { listRow } from '../row.ts';
import type { PeopleView, WaitingRow } from '../worker/people.ts';
import { receivedCard } from './invite.ts';

export async function peopleView(): Promise<Leaf> {
  const { waiting, received, sent, teams } = await ask('people');
  return {
    title: 'People',
    body: [
      ...received.map(receivedCard),
      ...waiting.map(waitingCard),
      waiting.length + received.length === 0
        ? element(
            'section',
            { class: 'card empty' },
            element('h2', {}, 'Nobody waits for you'),
            element(
              'p',
              {},
              'Who accepts an invite of yours, or resets a passphrase, shows here until you let them in.',
            ),
          )
        : undefined,
      sent.length === 0
        ? undefined
        : element(
            'section',
            { class: 'card' },
            element('h2', {}, 'Invited'),
            element('ul', { class: 'rows' }, ...sent.map(sentRow)),
          ),
      element('details', { class: 'card fold' }, element('summary', {}, 'Invite somebody'), inviteForm(teams)),
    ],
  };
}

function waitingCard({ id, name, email, kind, of, fingerprint, words }: WaitingRow): HTMLElement {
  const what =
    kind === 'invite'
      ? `has joined the team “${of}” and cannot read anything yet.`
      : `has new keys after a reset and waits for: ${of}.`;
  return element(
    'section',
    { class: 'card' },
    element('h2', {}, `${name} waits to be let in`),
    element('p', {}, `${name} (${email}) ${what}`),
    compareForm({
      name,
      spoken: { fingerprint, words },
      button: `Let ${name} in`,
      working: 'Wrapping the keys…',
      async run() {
        await ask('letIn', { id, kind, compared: fingerprint });
        go('#/people');
        announce(`${name} has the keys now.`);
      },
    }),
  );
}

function sentRow({ inviteId, email, teamName, expires }: PeopleView['sent'][number]): HTMLElement {
  const takeBack = async () => {
    await ask('revokeInvite', inviteId);
    go('#/people');
    announce('The invite is taken back.');
  };
  return listRow({
    title: [element('strong', {}, email)],
    text: [`to “${teamName}”, ends `, when(expires)],
    action: actionButton('Take back', { describe: `Take back the invite of ${email}` }, takeBack),
  });
}

const newTeam = 'new';

function inviteForm(teams: PeopleView['teams']): HTMLElement {
  const email = field({
    label: 'Their e-mail address',
    name: 'invite-email',
    type: 'email',
    hint: 'With an account or without: they get a mail.',
  });
  const team = choice('To the team', 'team', [
    ...teams.map(({ id, name }) => [id, name] as const),
    [newTeam, 'a new team'],
  ]);
  const name = field({ label: 'Name of the new team', name: 'team-name', hint: 'The server can read it.' });
  const adapt = () => {
    const isNew = team.select.value === newTeam;
    name.node.hidden = !isNew;
    name.input.disabled = !isNew;
  };
  team.select.addEventListener('change', adapt);
  adapt();
  return form(
    {
      button: 'Send the invite',
      working: 'Sending…',
      async run() {
        const { value } = team.select;
        await ask('invite', {
          email: email.input.value,
          to: value === newTeam ? { name: name.input.value } : { id: value },
        });
        go('#/people');
        announce('The invite is on its way.');
      },
    },
    email.node,
    team.node,
    name.node,
  );
}
