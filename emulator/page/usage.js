import { element, empty } from './dom.js';

const namespace = 'http://www.w3.org/2000/svg';
const shownDays = 14;
const shownEvents = 12;
const chart = { width: 320, height: 120, top: 14, bottom: 18, gap: 4 };

const dayName = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const nameOf = (day) => dayName.format(new Date(`${day}T00:00:00Z`));

/** Draws what is used, as operators see it: a bar a day, and the events with their numbers. */
export function drawUsage(container, { days, events }) {
  const dropped = days.reduce((sum, day) => sum + Object.values(day.dropped).reduce((a, b) => a + b, 0), 0);
  if (events.length === 0 && dropped === 0) {
    container.replaceChildren(
      empty('No usage events yet. See docs/analytics.md; the write key here is local-write-key.'),
    );
    return;
  }
  const lately = days.slice(-shownDays);
  container.replaceChildren(
    element('figure', {}, bars(lately), element('figcaption', {}, captionOf(lately, dropped))),
    eventTable(events),
    byDay(dayTable(lately)),
  );
}

/** Whether the reader has opened the table by day. */
let isOpen = false;

function byDay(content) {
  const node = element('details', { open: isOpen ? '' : undefined }, element('summary', {}, 'By day'), content);
  node.addEventListener('toggle', () => {
    isOpen = node.open;
  });
  return node;
}

function captionOf(days, dropped) {
  const total = days.reduce((sum, { count }) => sum + count, 0);
  return `${total.toLocaleString()} events in ${days.length} days; ${dropped.toLocaleString()} not kept`;
}

/** The picture of the table by day, which says the same to those who do not see it. */
function bars(days) {
  const most = Math.max(1, ...days.map(({ count }) => count));
  const { width, height, top, bottom, gap } = chart;
  const room = height - top - bottom;
  const step = width / days.length;
  const [first, last] = [days.at(0)?.day ?? '', days.at(-1)?.day ?? ''];
  const description = days.map(({ day, count }) => `${nameOf(day)}: ${count}`).join(', ');
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-labelledby': 'usage-chart-title usage-chart-description' },
    svg('title', { id: 'usage-chart-title' }, `Events a day, ${nameOf(first)} to ${nameOf(last)}`),
    svg('desc', { id: 'usage-chart-description' }, description),
    svg('line', { class: 'axis', x1: 0, x2: width, y1: height - bottom, y2: height - bottom }),
    ...days.map(({ day, count, devices }, index) => {
      const tall = count === 0 ? 0 : Math.max(2, (count / most) * room);
      const place = { x: index * step + gap / 2, y: height - bottom - tall, width: step - gap, height: tall, rx: 2 };
      return svg('rect', place, svg('title', {}, `${nameOf(day)}: ${count} events, ${devices} devices`));
    }),
    svg('text', { x: 0, y: height - 4 }, nameOf(first)),
    svg('text', { x: width, y: height - 4, 'text-anchor': 'end' }, nameOf(last)),
    svg('text', { x: 0, y: 9 }, `most in a day: ${most.toLocaleString()}`),
  );
}

function eventTable(events) {
  const most = Math.max(1, ...events.map(({ count }) => count));
  const rows = events
    .slice(0, shownEvents)
    .map(({ event, count, devices }) =>
      element(
        'tr',
        {},
        element(
          'th',
          { scope: 'row' },
          event,
          element('meter', { min: 0, max: most, value: count, 'aria-hidden': 'true' }),
        ),
        element('td', {}, count.toLocaleString()),
        element('td', {}, devices.toLocaleString()),
      ),
    );
  return table(['Event', 'Times', 'Devices a day'], rows);
}

function dayTable(days) {
  const rows = days
    .toReversed()
    .map(({ day, count, devices }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, nameOf(day)),
        element('td', {}, count.toLocaleString()),
        element('td', {}, devices.toLocaleString()),
      ),
    );
  return table(['Day', 'Events', 'Devices'], rows);
}

const table = (names, rows) =>
  element(
    'table',
    { class: 'usage' },
    element('thead', {}, element('tr', {}, ...names.map((name) => element('th', { scope: 'col' }, name)))),
    element('tbody', {}, ...rows),
  );

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}
