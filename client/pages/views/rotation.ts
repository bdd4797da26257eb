import { element } from '../dom.ts';
import { fingerprintCard } from '../fingerprint.ts';
import { actionButton, confirmation, form } from '../form.ts';
import { possessive } from '../names.ts';
import { announce, go } from '../navigation.ts';
import { ask } from '../remote.ts';
import type { OtherMember } from '../worker/sharing.ts';

/** For a member who can only wait. */
export const rotationNotice = (): HTMLElement =>
  element(
    'p',
    { class: 'notice' },
    'Somebody has left this group. Nobody can write until one of its admins has given it a new key.',
  );

/** Somebody has left, and the one who reads this can go on. */
export const rotationCard = (groupId: string): HTMLElement =>
  element(
    'section',
    { class: 'card' },
    element('h2', {}, 'This group needs a new key'),
    element('p', {}, 'Somebody has left it, and has the old one. Nobody can write until there is a new one.'),
    rotation(groupId),
  );

/** When nobody has left: for somebody whose device is lost. */
export const rotationFold = (groupId: string): HTMLElement =>
  element(
    'details',
    { class: 'card fold' },
    element('summary', {}, 'Give the group a new key'),
    element(
      'p',
      { class: 'quiet' },
      'For when the old one may be in wrong hands. What is there stays readable to its members; what comes is under the new one.',
    ),
    rotation(groupId),
  );

/** First whose keys they are, as the server says; then, once they are compared, the new key. */
function rotation(groupId: string): HTMLElement {
  const place = element('div', {});
  const lookUp = actionButton('Look up the keys of its members', { class: 'primary' }, async () => {
    const others = await ask('otherMembers', groupId);
    place.replaceChildren(rotationForm(groupId, others, cancel));
    place.querySelector<HTMLElement>('input, button')?.focus();
  });
  const cancel = () => {
    place.replaceChildren(lookUp);
    lookUp.querySelector('button')?.focus();
  };
  place.append(lookUp);
  return place;
}

const rotationForm = (groupId: string, others: readonly OtherMember[], cancel: () => void): HTMLElement =>
  form(
    {
      button: 'Make the new key',
      working: 'Making and wrapping the key…',
      async run() {
        await ask('rotateKey', { groupId, compared: others.map(({ fingerprint }) => fingerprint) });
        go(location.hash);
        announce('The group has a new key.');
      },
      cancel,
    },
    element(
      'p',
      {},
      others.length === 0
        ? 'Nobody else is in the group: the new key is yours alone.'
        : 'The new key is wrapped for these people. That they are the right ones only they can say: have the words read out, on the phone or in person.',
    ),
    ...others.flatMap(compared),
  );

const compared = (other: OtherMember): HTMLElement[] => [
  fingerprintCard(other, possessive(other.name)),
  confirmation(`These are ${possessive(other.name)} words.`),
];
