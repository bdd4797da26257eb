import { element, empty, timeOf } from './dom.js';
import { tryIt } from './try.js';

const shown = 200;

/** Draws the calls and other log lines, newest first. */
export function drawCalls(container, lines) {
  const rows = lines.slice(-shown).reverse().map(row);
  container.replaceChildren(
    rows.length > 0 ? element('table', {}, element('tbody', {}, ...rows)) : empty('No calls yet.'),
  );
}

function row(line) {
  const { time, severity, message, status, durationMs, reads, writes, code, requestId } = line;
  if (status === undefined) {
    return element(
      'tr',
      { class: severity.toLowerCase() },
      cell('time', timeOf(time)),
      element('td', { colspan: 3 }, message),
    );
  }
  const name = element(
    'td',
    { class: 'name', title: requestId },
    line.function,
    code === undefined ? undefined : element('small', {}, code),
  );
  const statusClass = `status s${String(status)[0]}`;
  const cost = element('small', { title: `${reads} documents read, ${writes} written` }, `${reads} r ${writes} w`);
  const spent = element('td', { class: 'ms' }, `${durationMs} ms`, cost);
  return element('tr', {}, cell('time', timeOf(time)), name, cell(statusClass, status), spent);
}

const cell = (name, text) => element('td', { class: name }, text);

/** Draws the functions, once; each opens to a form that calls it. */
export function drawFunctions(container, functions, { paths }) {
  container.replaceChildren(...functions.map((each) => functionNode(each, paths)));
}

function functionNode(listed, paths) {
  const { name, method, access, summary, topic, schedule, url } = listed;
  const about = [summary, topic && `(Pub/Sub: ${topic})`, schedule && `(scheduled: ${schedule})`]
    .filter(Boolean)
    .join(' ');
  const node = element(
    'details',
    { class: 'function' },
    element(
      'summary',
      {},
      element('span', { class: 'method' }, method),
      element('span', { class: 'name' }, name, element('small', {}, about)),
      element('span', { class: `access ${access}` }, access),
    ),
    element('p', { class: 'url' }, url),
  );
  // A form each would be some eighty at once: it is made when somebody looks.
  node.addEventListener('toggle', () => node.append(tryIt(listed, paths[`/${name}`]?.[method.toLowerCase()])), {
    once: true,
  });
  return node;
}
