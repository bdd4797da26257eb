import { element, plural, when } from '../dom.ts';
import type { Leaf } from '../leaf.ts';
import { ask } from '../remote.ts';
import { listRow, tag } from '../row.ts';
import type { ResourceRow } from '../worker/reading.ts';

/** Rows that a page draws; the filter finds the others. */
const drawn = 200;

export async function groupView(id: string): Promise<Leaf> {
  const { name, resources, refused } = await ask('resources', id);
  const present = resources.filter(({ removed }) => !removed);
  const removed = resources.length - present.length;
  const list = element('ul', { class: 'card rows' });
  const count = element('p', { class: 'quiet', role: 'status' });
  const fill = (text: string) => {
    const found = present.filter((row) => matches(row, text));
    list.replaceChildren(...found.slice(0, drawn).map((row) => resourceRow(id, row)));
    list.hidden = found.length === 0;
    count.textContent = summary(found.length, Math.min(found.length, drawn), removed);
  };
  fill('');
  const filter = element('input', {
    type: 'search',
    'aria-label': 'Filter by name or type',
    placeholder: 'Filter by name or type',
    oninput: () => fill(filter.value),
  });
  return {
    title: name,
    above: above('#/groups', 'Groups'),
    body: [
      tabs(id, 'contents'),
      ...refused.map((why) => element('p', { class: 'notice bad' }, why)),
      present.length === 0 ? nothing(removed) : filter,
      list,
      count,
    ],
  };
}

export const above = (href: string, text: string): HTMLElement =>
  element('nav', { class: 'above', 'aria-label': 'Way back' }, element('a', { href }, `‹ ${text}`));

export function tabs(id: string, here: 'contents' | 'members'): HTMLElement {
  const tab = (href: string, text: string, current: boolean) =>
    element('a', { class: 'pill', href, 'aria-current': current ? 'page' : undefined }, text);
  return element(
    'nav',
    { class: 'tabs', 'aria-label': 'Group' },
    tab(`#/group/${id}`, 'Contents', here === 'contents'),
    tab(`#/group/${id}/members`, 'Members and sharing', here === 'members'),
  );
}

const nothing = (removed: number): HTMLElement =>
  element(
    'section',
    { class: 'card empty' },
    element('h2', {}, 'Nothing in here'),
    element(
      'p',
      {},
      removed > 0
        ? 'All that was here has been removed.'
        : 'Push something with an app or the nightvault command, and it shows here.',
    ),
  );

const matches = ({ name, type }: ResourceRow, text: string): boolean =>
  `${name} ${type}`.toLowerCase().includes(text.trim().toLowerCase());

function summary(found: number, shown: number, removed: number): string {
  const parts = [plural(found, 'resource')];
  if (shown < found) parts.push(`the first ${shown} are shown`);
  if (removed > 0) parts.push(`${removed} removed`);
  return parts.join(', ');
}

const resourceRow = (groupId: string, { id, name, type, editor, lastEdited, large }: ResourceRow): HTMLElement =>
  listRow({
    title: [
      element('a', { href: `#/group/${groupId}/resource/${encodeURIComponent(id)}`, class: 'name' }, name),
      tag(type),
      large && tag('with files'),
    ],
    text: [`${editor ?? 'Somebody who has left'}, edited `, when(lastEdited)],
  });
