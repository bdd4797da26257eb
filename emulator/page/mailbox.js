import { element, empty, linked, timeOf } from './dom.js';

const open = new Set();
let drawn = -1;

/** Draws the mails, newest first; the first one that comes opens by itself. */
export function drawMails(container, mails) {
  if (mails.length === drawn) return;
  const newest = mails.at(-1);
  if (newest !== undefined) open.add(newest.id);
  const fresh = drawn === -1 ? [] : mails.slice(drawn);
  drawn = mails.length;
  const nodes = mails.map((mail) => mailNode(mail, fresh.includes(mail))).reverse();
  container.replaceChildren(...(nodes.length > 0 ? nodes : [empty('No mail yet. Sign-ups and resends arrive here.')]));
}

function mailNode({ id, to, subject, text, date }, isFresh) {
  const summary = element(
    'summary',
    { class: isFresh ? 'fresh' : '' },
    element('strong', {}, subject || '(no subject)'),
    element('span', { class: 'to' }, to),
    element('time', { datetime: date }, timeOf(date)),
  );
  const node = element(
    'details',
    { class: 'mail', open: open.has(id) ? '' : undefined },
    summary,
    element('p', { class: 'body' }, ...linked(text)),
  );
  node.addEventListener('toggle', () => {
    if (node.open) open.add(id);
    else open.delete(id);
  });
  return node;
}
