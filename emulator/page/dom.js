/**
 * An element. Children that are no elements become text nodes, so nothing that is shown is ever read as HTML.
 * @param {string} tag
 * @param {Record<string, unknown>} properties - attributes; `class`, and `on…` for listeners
 * @param {...(Node | string | number | undefined)} children
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, String(value));
  }
  node.append(
    ...children.filter((child) => child !== undefined).map((child) => (child instanceof Node ? child : String(child))),
  );
  return node;
}

/** Text with its web addresses as links. */
export function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"']+)/).map((part, index) => {
    if (index % 2 === 0 || !URL.canParse(part)) return part;
    return element('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part);
  });
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const timeOf = (iso) => clock.format(new Date(iso));

export const empty = (text) => element('p', { class: 'empty' }, text);
