import { element } from '../dom.ts';
import { fingerprintCard } from '../fingerprint.ts';
import { actionButton } from '../form.ts';
import type { Leaf } from '../leaf.ts';
import { possessive } from '../names.ts';
import { ask } from '../remote.ts';
import { state } from '../state.ts';
import type { PeopleView } from '../worker/people.ts';

type Received = PeopleView['received'][number];

const title = 'You are invited to a team';

/** @param code of the mail's link, for an account with another address than the one that was invited */
export async function inviteView(code: string | undefined): Promise<Leaf> {
  const { received } = await ask('people');
  if (received.length > 0) return { title, narrow: true, body: received.map(receivedCard) };
  if (code !== undefined) return { title, narrow: true, body: [byCode(code)] };
  return {
    title,
    narrow: true,
    body: [
      element(
        'section',
        { class: 'card empty' },
        element(
          'p',
          {},
          `No invite waits for ${state.person?.email ?? 'this account'}. It may have been answered or taken back, or be for another address.`,
        ),
        element('a', { class: 'button primary wide', href: '#/groups' }, 'To your groups'),
      ),
    ],
  };
}

/** An invite, and how to answer it. */
export function receivedCard({ inviteId, teamName, inviter, inviterEmail }: Received): HTMLElement {
  const section = element('section', { class: 'card' });
  section.append(
    element('h2', {}, teamName),
    element('p', {}, element('strong', {}, inviter), ` (${inviterEmail}) invites you to the team “${teamName}”.`),
    element('p', { class: 'quiet' }, 'If you do not know who that is, decline.'),
    element(
      'p',
      { class: 'buttons' },
      actionButton('Accept', { class: 'primary', describe: `Join the team ${teamName}` }, async () => {
        await ask('acceptInvite', { inviteId });
        await accepted(section, teamName, { name: inviter, email: inviterEmail });
      }),
      actionButton('Decline', { class: 'plain', describe: `Decline the invite to ${teamName}` }, async () => {
        await ask('declineInvite', { inviteId });
        section.replaceChildren(
          element('p', { class: 'notice', role: 'status' }, `You have declined the invite to “${teamName}”.`),
        );
      }),
    ),
  );
  return section;
}

function byCode(code: string): HTMLElement {
  const section = element('section', { class: 'card' });
  section.append(
    element(
      'p',
      {},
      'The invite went to another address than the one of this account. The code in its link lets this account answer it.',
    ),
    element(
      'p',
      { class: 'buttons' },
      actionButton('Accept with this account', { class: 'primary' }, async () => {
        const { teamName } = await ask('acceptInvite', { code });
        await accepted(section, teamName, undefined);
      }),
      actionButton('Decline', { class: 'plain' }, async () => {
        await ask('declineInvite', { code });
        section.replaceChildren(element('p', { class: 'notice', role: 'status' }, 'You have declined the invite.'));
      }),
    ),
  );
  return section;
}

/** What is left to do: the inviter compares this account's key, and this account may compare the inviter's. */
async function accepted(
  section: HTMLElement,
  teamName: string,
  inviter: { readonly name: string; readonly email: string } | undefined,
): Promise<void> {
  const { person } = state;
  const theirs = inviter && (await ask('fingerprintOf', inviter.email).catch(() => undefined));
  const name = inviter?.name ?? 'whoever invited you';
  const heading = element('h2', { tabindex: '-1' }, `You are in “${teamName}”`);
  section.replaceChildren(
    heading,
    element(
      'p',
      { class: 'notice good', role: 'status' },
      `You can read as soon as ${name} has compared your key with you, on the phone or in person.`,
    ),
    element('p', {}, 'Read out these words:'),
    ...(person === undefined ? [] : [fingerprintCard(person, 'Your')]),
    ...(theirs === undefined
      ? []
      : [element('p', {}, 'And let them read out theirs, which must be:'), fingerprintCard(theirs, possessive(name))]),
    element('a', { class: 'button primary wide', href: '#/groups' }, 'To your groups'),
  );
  heading.focus();
}
