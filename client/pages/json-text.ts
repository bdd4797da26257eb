import { type Child, element } from './dom.ts';

/** Characters up to which JSON is coloured: beyond, the many elements would be slow. */
const colouredUpTo = 200_000;

const tokens = /("(?:\\.|[^"\\])*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Content as a person reads it: JSON on lines of its own and coloured, all else as it is. Text only, never markup. */
export function readable(content: string): { readonly kind: 'JSON' | 'text'; readonly nodes: Child[] } {
  const json = parsed(content);
  if (json === undefined) return { kind: 'text', nodes: [content] };
  const text = JSON.stringify(json, null, 2);
  return { kind: 'JSON', nodes: text.length > colouredUpTo ? [text] : coloured(text) };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function coloured(text: string): Child[] {
  const nodes: Child[] = [];
  let at = 0;
  for (const match of text.matchAll(tokens)) {
    const [whole, string, colon, number] = match;
    nodes.push(text.slice(at, match.index));
    if (string === undefined) nodes.push(element('span', { class: number === undefined ? 'word' : 'number' }, whole));
    else nodes.push(element('span', { class: colon === undefined ? 'string' : 'key' }, string), colon);
    at = match.index + whole.length;
  }
  return [...nodes, text.slice(at)];
}
