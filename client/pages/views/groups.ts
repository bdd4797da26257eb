import { element, plural, when } from '../dom.ts';
import { inWords } from '../explain.ts';
import { field, form } from '../form.ts';
import type { Leaf } from '../leaf.ts';
import { go } from '../navigation.ts';
import { ask } from '../remote.ts';
import { listRow, tag } from '../row.ts';
import type { GroupRow } from '../worker/reading.ts';

/** Changes up to which a group is read to say what was changed last; a larger one says so once it is opened. */
const fewChanges = 200;

export async function groupsView(): Promise<Leaf> {
  const groups = await ask('groups');
  return {
    title: 'Your groups',
    body: [
      groups.length === 0 ? nothing() : element('ul', { class: 'card rows' }, ...groups.map(row)),
      element('details', { class: 'card fold' }, element('summary', {}, 'New group'), newGroup()),
    ],
  };
}

const nothing = (): HTMLElement =>
  element(
    'section',
    { class: 'card empty' },
    element('h2', {}, 'No groups yet'),
    element(
      'p',
      {},
      'A group is what you share: its key is made here, and nobody but its members can read what is in it.',
    ),
    element(
      'p',
      { class: 'quiet' },
      'Make one below, push to one with an app or the command, or wait for somebody to share one with you.',
    ),
  );

function row(group: GroupRow): HTMLElement {
  if (group.state !== 'open') {
    return listRow({ title: [element('strong', {}, group.name)], text: [whyClosed(group)], class: 'closed' });
  }
  const { id, name, role, changes, rotationRequired } = group;
  const last = element('span', {}, plural(changes, 'change'));
  if (changes > 0 && changes <= fewChanges) void lastChange(id, last);
  return listRow({
    title: [
      element('a', { href: `#/group/${id}`, class: 'name' }, name),
      tag(role),
      rotationRequired && tag('key must be rotated', 'warn'),
    ],
    text: [last],
  });
}

function whyClosed(group: Exclude<GroupRow, { readonly state: 'open' }>): string {
  switch (group.state) {
    case 'lost':
      return 'Nobody has its key any more.';
    case 'waiting':
      return `Closed until somebody lets you in: ask ${group.grantedBy.join(' or ') || 'an admin'}.`;
    case 'refused':
      return `Not opened, for something is wrong with it. ${group.why}`;
  }
}

async function lastChange(id: string, place: HTMLElement): Promise<void> {
  try {
    const { newest } = await ask('resources', id);
    if (newest === undefined) return;
    const who = newest.editor ?? 'somebody who has left';
    place.replaceChildren(
      `${newest.removed ? 'Removed' : 'Last'}: “${newest.name}” by ${who}, ${newest.removed ? '' : 'edited '}`,
      when(newest.lastEdited),
    );
  } catch (error) {
    place.replaceChildren(inWords(error));
  }
}

function newGroup(): HTMLElement {
  const name = field({ label: 'Name', name: 'group-name', hint: 'The server can read names: put no secret into one.' });
  return form(
    {
      button: 'Make the group',
      working: 'Making its key…',
      run: async () => go(`#/group/${await ask('createGroup', name.input.value)}`),
    },
    name.node,
  );
}
