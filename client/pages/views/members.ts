import type { Role } from '../../../shared/protocol/fields.ts';
import { compareForm } from '../compare.ts';
import { element } from '../dom.ts';
import { fingerprintCard } from '../fingerprint.ts';
import { actionButton, choice, field, form } from '../form.ts';
import type { Leaf } from '../leaf.ts';
import { possessive } from '../names.ts';
import { announce, go } from '../navigation.ts';
import { ask } from '../remote.ts';
import { listRow, tag } from '../row.ts';
import type { MemberRow } from '../worker/sharing.ts';
import { above, tabs } from './group.ts';
import { rotationCard, rotationFold, rotationNotice } from './rotation.ts';

const roles = [
  ['viewer', 'can read'],
  ['editor', 'can read and write'],
  ['admin', 'can read, write and share'],
] as const satisfies readonly (readonly [Role, string])[];

export async function membersView(groupId: string): Promise<Leaf> {
  const { name, members, rotationRequired } = await ask('members', groupId);
  const admin = members.some(({ you, role }) => you && role === 'admin');
  return {
    title: name,
    above: above('#/groups', 'Groups'),
    body: [
      tabs(groupId, 'members'),
      rotationRequired && (admin ? rotationCard(groupId) : rotationNotice()),
      element('ul', { class: 'card rows' }, ...members.map((member) => memberRow(groupId, member, admin))),
      ...(admin
        ? [
            element('section', { class: 'card' }, element('h2', {}, 'Share with somebody'), shareForm(groupId)),
            !rotationRequired && rotationFold(groupId),
          ]
        : [element('p', { class: 'quiet' }, 'Only an admin of the group can share it.')]),
    ],
  };
}

function memberRow(groupId: string, member: MemberRow, admin: boolean): HTMLElement {
  const { email, name, role, waiting, you } = member;
  const whose = you ? 'Your' : possessive(name);
  const place = element('div', { class: 'whole' });
  const show = actionButton('Fingerprint', { describe: `Show ${whose} fingerprint` }, async () => {
    place.replaceChildren(fingerprintCard(await ask('fingerprintOf', email), whose));
    show.remove();
  });
  const remove = actionButton('Remove', { describe: `Remove ${name} from the group` }, async () => {
    const question = removal(groupId, member, () => {
      place.replaceChildren();
      remove.querySelector('button')?.focus();
    });
    place.replaceChildren(question);
    question.querySelector('button')?.focus();
  });
  return listRow({
    title: [element('strong', {}, name), you && tag('you'), tag(role), waiting && tag('waits to be let in', 'warn')],
    text: [email],
    action: element('span', { class: 'action' }, show, admin && !you && remove),
    more: place,
  });
}

/** What it means, before it is done. */
function removal(groupId: string, { accountId, name }: MemberRow, keep: () => void): HTMLElement {
  return element(
    'div',
    { role: 'group', 'aria-label': `Remove ${name}` },
    element(
      'p',
      {},
      `${name} can read nothing new any more. What was read before may have been kept. Nobody can write until the group has a new key, which is the next step.`,
    ),
    element(
      'p',
      { class: 'buttons' },
      actionButton(`Remove ${name}`, { class: 'danger' }, async () => {
        await ask('removeMember', { groupId, accountId });
        go(location.hash);
        announce(`${name} is no member any more.`);
      }),
      element('button', { type: 'button', class: 'plain', onclick: keep }, `Keep ${name}`),
    ),
  );
}

function shareForm(groupId: string): HTMLElement {
  const email = field({ label: 'Their e-mail address', name: 'share-email', type: 'email' });
  const role = choice('They', 'role', roles);
  const section = element('div', {});
  const lookUp = form(
    {
      button: 'Look up their key',
      working: 'Asking the server…',
      async run() {
        const [address, chosen] = [email.input.value, role.select.value as Role];
        const spoken = await ask('fingerprintOf', address);
        const comparing = compareForm({
          name: address,
          spoken,
          button: `Share with ${address}`,
          working: 'Wrapping the key…',
          async run() {
            await ask('share', { groupId, email: address, role: chosen, compared: spoken.fingerprint });
            go(location.hash);
            announce(`${address} is a member now.`);
          },
          cancel() {
            section.replaceChildren(lookUp);
            email.input.focus();
          },
        });
        section.replaceChildren(comparing);
        comparing.querySelector('input')?.focus();
      },
    },
    email.node,
    role.node,
  );
  section.append(lookUp);
  return section;
}
