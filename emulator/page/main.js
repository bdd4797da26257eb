import { element } from './dom.js';
import { drawKeys } from './keys.js';
import { drawMails } from './mailbox.js';
import { current, playable } from './play.js';
import { drawStore } from './store.js';
import { drawCalls, drawFunctions } from './traffic.js';
import { drawUsage } from './usage.js';

const interval = 1_000;

const place = (id) => document.getElementById(id);
const read = async (view) => (await fetch(`/_local/${view}`)).json();

let lastLine;
let lastUsage;
let totals = { documents: 0, ciphertexts: 0 };
let store = {};

function drawTotals(mails) {
  const figures = { Documents: totals.documents, Ciphertexts: totals.ciphertexts, Mails: mails.length };
  place('totals').replaceChildren(
    ...Object.entries(figures).map(([name, value]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value.toLocaleString())),
    ),
  );
}

async function refresh() {
  const [mails, lines] = await Promise.all([read('mail'), read('log')]);
  drawMails(place('mails'), mails);
  const newest = JSON.stringify(lines.at(-1) ?? null);
  if (newest !== lastLine) {
    drawCalls(place('calls'), lines);
    store = await read('store');
    totals = drawStore(place('tree'), store);
    showKeys();
    await showUsage();
    lastLine = newest;
  }
  drawTotals(mails);
}

/** The report reads a month of days: it is asked for when something of it has changed. */
async function showUsage() {
  const usage = JSON.stringify([store.analyticsDaily, store.analyticsDropped]);
  if (usage === lastUsage) return;
  drawUsage(place('used'), await read('usage'));
  lastUsage = usage;
}

function showKeys() {
  const { person, held } = current();
  drawKeys({ heading: place('keys-heading'), body: place('keys-table') }, person, held, store);
}

function showState(state) {
  const status = place('connection');
  if (status.dataset.state === state) return;
  status.dataset.state = state;
  status.textContent = state;
}

async function watch() {
  try {
    await refresh();
    showState('live');
  } catch {
    showState('stopped');
  }
  setTimeout(watch, interval);
}

playable(showKeys);
drawFunctions(place('table'), await read('functions'), await read('openapi'));
await watch();
