import { element, empty, timeOf } from './dom.js';

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
      element('td', { colspan: 4 }, message),
    );
  }
  const name = element(
    'td',
    { class: 'name', title: requestId },
    line.function,
    code === undefined ? undefined : element('small', {}, code),
  );
  const statusClass = `status s${String(status)[0]}`;
  return element(
    'tr',
    {},
    cell('time', timeOf(time)),
    name,
    cell(statusClass, status),
    documents(reads, writes),
    cell('ms', `${durationMs} ms`),
  );
}

const documents = (reads, writes) =>
  element('td', { class: 'ms', title: `${reads} documents read, ${writes} written` }, `${reads} r ${writes} w`);

const cell = (name, text) => element('td', { class: name }, text);

/** Draws the table of functions, once. */
export function drawFunctions(container, functions) {
  const rows = functions.map(({ name, method, access, summary, topic, schedule }) =>
    element(
      'tr',
      {},
      cell('method', method),
      element(
        'td',
        { class: 'name', title: summary },
        name,
        element(
          'small',
          {},
          [summary, topic && `(Pub/Sub: ${topic})`, schedule && `(scheduled: ${schedule})`].filter(Boolean).join(' '),
        ),
      ),
      element('td', {}, element('span', { class: `access ${access}` }, access)),
    ),
  );
  container.replaceChildren(element('table', {}, element('tbody', {}, ...rows)));
}
