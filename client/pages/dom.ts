export type Child = Node | string | number | undefined | false;

type Value = string | number | boolean | undefined | ((event: Event) => void);

/**
 * An element. Children that are no elements become text nodes, so nothing that is shown is ever read as HTML.
 * @param properties attributes; `true` for one without a value; functions listen, under `on…`
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...shown(children));
  return node;
}

/** What `append` and its like take. */
export const shown = (children: readonly Child[]): (Node | string)[] =>
  children.flatMap((child) => {
    if (child === undefined || child === false) return [];
    return [child instanceof Node ? child : String(child)];
  });

const svgNames = 'http://www.w3.org/2000/svg';

export function svg(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: Node[]
): SVGElement {
  const node = document.createElementNS(svgNames, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** An id that no other element has, to tie a label or a description to what it is for. */
let ids = 0;
export const freshId = (): string => `n${++ids}`;

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** A moment, in words; the exact time is its title. @param time milliseconds since 1970 */
export function when(time: number): HTMLTimeElement {
  const date = new Date(time);
  const seconds = (time - Date.now()) / 1000;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60];
  const words = Math.abs(seconds) < 60 ? 'just now' : relative.format(Math.round(seconds / size), unit);
  return element('time', { datetime: date.toISOString(), title: absolute.format(date) }, words);
}

export const plural = (count: number, one: string, more = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : more}`;
