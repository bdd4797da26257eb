import { element } from './dom.js';

const place = (id) => document.getElementById(id);
const people = { jane: 'Jane', bob: 'Bob' };

/** What the worker has told of each, by name. */
const held = new Map();
let shown = people.jane;
let worker;
let changed = () => {};

/** @returns whose keys are to be drawn, and what is known of them */
export const current = () => ({ person: shown, held: held.get(shown) });

/** Sessions that the form may speak for. */
export const sessions = () => [...held.values()].map(({ person, token }) => ({ person, token }));

/** @param redraw - called when there is something new to draw */
export function playable(redraw) {
  changed = redraw;
  for (const act of Object.keys(people)) place(`play-${act}`).addEventListener('click', () => play(act));
  for (const [act, person] of Object.entries(people)) {
    place(`show-${act}`).addEventListener('click', () => show(person));
  }
}

function play(act) {
  worker ??= new Worker('/_local/page/people.js', { type: 'module', name: 'people' });
  for (const each of Object.keys(people)) place(`play-${each}`).disabled = true;
  place('told').replaceChildren();
  worker.onmessage = ({ data }) => hear(act, data);
  worker.onerror = () =>
    hear(act, { failed: 'The script with their clients did not start. The terminal may say why.' });
  worker.postMessage(act);
}

function hear(act, { told, held: keys, failed }) {
  if (told !== undefined) {
    say(told);
    return;
  }
  if (failed === undefined) {
    held.set(keys.person, keys);
    place(`show-${act}`).disabled = false;
    show(keys.person);
  } else say(`It stopped: ${failed}`, 'failed');
  // Bob joins what Jane has made; once he has, both may begin anew.
  const next = failed === undefined && act === 'jane' ? ['jane', 'bob'] : ['jane'];
  for (const each of next) place(`play-${each}`).disabled = false;
}

function say(sentence, kind = '') {
  const line = element('li', { class: kind }, sentence);
  place('told').append(line);
  line.scrollIntoView({ block: 'nearest' });
}

function show(person) {
  shown = person;
  for (const [act, name] of Object.entries(people))
    place(`show-${act}`).setAttribute('aria-pressed', String(name === person));
  changed();
}
