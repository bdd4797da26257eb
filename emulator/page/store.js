import { element, empty } from './dom.js';
import { meanings, secrecyOf } from './secrecy.js';

/** Documents of one collection that are drawn; a busy store has thousands. */
const drawn = 200;
const shortLength = { client: 34, server: 34, key: 34, plain: 120 };

/** Closed at first: they come and go with every call. */
const bookkeeping = new Set([
  'analyticsDaily',
  'analyticsDropped',
  'analyticsEvents',
  'decoys',
  'handshakes',
  'history',
  'idempotency',
  'looseParts',
  'parentClaims',
  'rateLimits',
  'tokens',
]);

/** What the reader has opened that is closed at first, and the reverse. */
const toggled = new Set();
/** Documents as drawn last, to mark what has changed since. */
let known;

/** Draws the store as a tree. @returns how many documents and ciphertexts there are */
export function drawStore(container, collections) {
  const seen = new Map();
  const totals = { documents: 0, ciphertexts: 0 };
  const branches = Object.entries(collections).map(([id, documents]) =>
    collectionNode(id, id, documents, seen, totals),
  );
  const { scrollTop } = container;
  container.replaceChildren(
    ...(branches.length > 0 ? branches : [empty('Nothing is stored yet. Sign up, or run npm run demo.')]),
  );
  container.scrollTop = scrollTop;
  known = seen;
  return totals;
}

function collectionNode(id, path, documents, seen, totals) {
  const entries = Object.entries(documents);
  const nodes = entries.map(([documentId, document]) =>
    documentNode(documentId, `${path}/${documentId}`, document, seen, totals),
  );
  const more = entries.length > drawn ? [empty(`and ${entries.length - drawn} more: see /_local/store`)] : [];
  const summary = element(
    'summary',
    {},
    element('span', { class: 'collection' }, id),
    element('span', { class: 'count' }, entries.length),
  );
  return branch(path, !bookkeeping.has(id), summary, [...nodes.slice(0, drawn), ...more]);
}

function documentNode(id, path, { fields = {}, collections = {} }, seen, totals) {
  totals.documents += 1;
  const text = JSON.stringify(fields);
  seen.set(path, text);
  const names = Object.keys(fields).sort();
  const kinds = names.map((name) => secrecyOf(name, fields[name]));
  totals.ciphertexts += kinds.filter((kind) => kind === 'client' || kind === 'server').length;
  const summary = element(
    'summary',
    { class: known !== undefined && known.get(path) !== text ? 'fresh' : '' },
    element(
      'span',
      { class: /^[0-9a-f]{32,}$/.test(id) ? 'id hash' : 'id', title: id },
      id.length > 30 ? `${id.slice(0, 16)}…` : id,
    ),
    element('span', { class: 'label' }, labelOf(fields)),
    element(
      'span',
      { class: 'dots', title: kindsInWords(kinds) },
      ...kinds.map((kind) => element('i', { class: kind })),
    ),
  );
  const list = element('dl', {}, ...names.flatMap((name, index) => fieldNodes(name, fields[name], kinds[index])));
  const below = Object.entries(collections).map(([sub, documents]) =>
    collectionNode(sub, `${path}/${sub}`, documents, seen, totals),
  );
  return branch(path, false, summary, [list, ...below]);
}

/** What a reader knows the document by, where that is stored readable. */
function labelOf({ email, to, name }) {
  return [email, to, name].find((value) => typeof value === 'string') ?? '';
}

function kindsInWords(kinds) {
  const words = { client: 'encrypted', server: 'sealed', key: 'hashed or public', plain: 'plain' };
  const parts = Object.entries(words).map(([kind, word]) => [kinds.filter((each) => each === kind).length, word]);
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

function branch(path, openAtFirst, summary, children) {
  const node = element(
    'details',
    { class: 'branch', open: toggled.has(path) !== openAtFirst ? '' : undefined },
    summary,
    ...children,
  );
  node.addEventListener('toggle', () => {
    if (node.open === openAtFirst) toggled.delete(path);
    else toggled.add(path);
  });
  return node;
}

function fieldNodes(name, value, kind) {
  return [element('dt', {}, name), element('dd', {}, valueNode(value, kind))];
}

function valueNode(value, kind) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const limit = shortLength[kind];
  const properties = { class: `value ${kind}`, title: meanings[kind] };
  if (text.length <= limit) return element('span', properties, text === '' ? '(empty)' : text);
  const short = `${text.slice(0, limit)}…`;
  const node = element('button', { ...properties, type: 'button', 'aria-expanded': 'false' }, short);
  const size = element('span', { class: 'size' }, `${text.length.toLocaleString()} characters`);
  node.addEventListener('click', () => {
    const expanded = node.getAttribute('aria-expanded') !== 'true';
    node.setAttribute('aria-expanded', String(expanded));
    node.textContent = expanded ? text : short;
  });
  return element('span', { class: 'long' }, node, size);
}
