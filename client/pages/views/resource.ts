import { type Child, element, plural, when } from '../dom.ts';
import { actionButton } from '../form.ts';
import { readable } from '../json-text.ts';
import type { Leaf } from '../leaf.ts';
import { ask } from '../remote.ts';
import { tag } from '../row.ts';
import { save } from '../save.ts';
import type { OpenedResource } from '../worker/reading.ts';
import { above } from './group.ts';

export async function resourceView(groupId: string, id: string): Promise<Leaf> {
  const opened = await ask('resource', { groupId, id });
  const { row, groupName, file } = opened;
  const { size, nodes } = file === undefined ? itemBody(opened) : fileBody(opened);
  return {
    title: row.name,
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
          `${row.editor ?? 'Somebody who has left'}, edited `,
          when(row.lastEdited),
          ` · ${size}`,
        ),
        file &&
          actionButton('Download', { describe: `Download ${row.name}` }, async () => {
            save(await ask('download', { groupId, id }), row.name);
          }),
      ),
      row.removed ? element('p', { class: 'notice' }, 'This was removed.') : undefined,
      row.large
        ? element('p', { class: 'notice' }, 'It has large files besides, which the nightvault command downloads.')
        : undefined,
      ...nodes,
    ],
  };
}

interface Body {
  readonly size: string;
  readonly nodes: readonly Child[];
}

const bytes = (count: number): string => plural(count, 'byte');

/** What an app has pushed; of a removed file nothing is left. */
function itemBody({ content }: OpenedResource): Body {
  if (content === undefined) return { size: 'no content', nodes: [] };
  const { kind, nodes } = readable(content);
  return { size: `${bytes(new TextEncoder().encode(content).length)} of ${kind}`, nodes: [contentBox(nodes)] };
}

/** A file of a synced folder, as it is; or what is too large for a resource. */
function fileBody({ content, file }: OpenedResource): Body {
  const count = file?.size ?? 0;
  const size = content === undefined ? bytes(count) : `${bytes(count)} of text`;
  if (content !== undefined && content !== '') return { size, nodes: [contentBox([content])] };
  return { size, nodes: [element('p', { class: 'notice' }, whyNotShown(content, file))] };
}

function whyNotShown(content: string | undefined, file: OpenedResource['file']): string {
  if (content !== undefined) return 'The file is empty.';
  if (file?.large) return 'It is too large to show here. Download it: it is decrypted in this browser.';
  return 'The file is no text. Download it to open it with another program.';
}

// Scrollable, so the keyboard must reach it.
const contentBox = (nodes: readonly Child[]): HTMLElement =>
  element(
    'pre',
    { class: 'card content', tabindex: '0', role: 'region', 'aria-label': 'Content' },
    element('code', {}, ...nodes),
  );
