import { element, when } from '../dom.ts';
import { readable } from '../json-text.ts';
import type { Leaf } from '../leaf.ts';
import { ask } from '../remote.ts';
import { tag } from '../row.ts';
import { above } from './group.ts';

export async function resourceView(groupId: string, id: string): Promise<Leaf> {
  const { row, groupName, content } = await ask('resource', { groupId, id });
  const { kind, nodes } = readable(content);
  const size = `${new TextEncoder().encode(content).length.toLocaleString('en')} bytes of ${kind}`;
  return {
    title: row.name || '(no name)',
    above: above(`#/group/${groupId}`, groupName),
    body: [
      element(
        'p',
        { class: 'facts' },
        tag(row.type),
        tag('decrypted here', 'lock'),
        element(
          'span',
          { class: 'quiet' },
          `${row.editor ?? 'Somebody who has left'}, `,
          when(row.lastEdited),
          ` · ${size}`,
        ),
      ),
      row.removed ? element('p', { class: 'notice' }, 'This was removed.') : undefined,
      row.large
        ? element('p', { class: 'notice' }, 'It has large files besides, which the nightvault command downloads.')
        : undefined,
      // Scrollable, so the keyboard must reach it.
      element(
        'pre',
        { class: 'card content', tabindex: '0', role: 'region', 'aria-label': 'Content' },
        element('code', {}, ...nodes),
      ),
    ],
  };
}
