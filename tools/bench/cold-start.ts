import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulators } from '../../emulator/emulators.ts';
import { type Deployable, deployables } from '../../functions/bundle/bundle.ts';
import { everyOperation } from '../../shared/platform/definition.ts';
import { storeAccess } from '../../shared/platform/store-access.ts';
import { type InstalledBundle, installBundle } from '../../test/support/bundles/installed.ts';
import { startBundle } from '../../test/support/bundles/process.ts';
import { type Bench, type BenchRun, median } from './bench.ts';
import { table } from './table.ts';

const emptyAfter = 10;

/**
 * `npm run bench cold-start [PART]`: from the start of the process to its first answer, for every bundle whose name has
 * PART in it, and for an empty function of functions-framework. In each round every bundle is started once and the empty
 * function after every tenth, so that a computer that is busy for a while is so for all. What Google adds before
 * (fetching the image, making the sandbox) is not in it. For functions in a session also the first answer that has read
 * the store: an unknown session's 401.
 */
export const coldStart: Bench = {
  about: 'from process start to first answer, for every bundle, beside an empty function',
  run: async ({ print, short, args }) => {
    const [part = short ? 'session-whoami' : ''] = args;
    const place = mkdtempSync(join(tmpdir(), 'cold-start-'));
    const emulators = await startEmulators(place);
    try {
      await measure(print, { part, place, rounds: short ? 1 : 3, firestore: emulators.hosts.firestore });
    } finally {
      await emulators.stop();
      rmSync(place, { recursive: true, force: true });
    }
  },
};

interface Measuring {
  readonly part: string;
  readonly rounds: number;
  /** A folder for the bundles. */
  readonly place: string;
  /** Host and port of the emulator. */
  readonly firestore: string;
}

interface Target extends InstalledBundle {
  /** The method of an operation that looks a session up. */
  readonly inSession?: string;
  readonly first: number[];
  readonly withRead: number[];
}

function target(installed: InstalledBundle, { entries }: Pick<Deployable, 'entries'>): Target {
  const [entry, ...more] = entries;
  const operations = entry?.trigger === 'http' && more.length === 0 ? everyOperation(entry) : [];
  const inSession = operations.find(({ operation }) => operation.access === 'session')?.method;
  return { ...installed, ...(inSession === undefined ? {} : { inSession }), first: [], withRead: [] };
}

async function start(bundle: Target, request: RequestInit, times: number[], firestore: string): Promise<void> {
  const { milliseconds, stop } = await startBundle(bundle, request, { FIRESTORE_EMULATOR_HOST: firestore });
  times.push(milliseconds);
  await stop();
}

const unknownSession = { authorization: `Bearer ${'0'.repeat(64)}` };

/** The same dependencies as the smallest bundle, and a function that does nothing. */
async function emptyFunction(place: string): Promise<Target> {
  const smallest = deployables.find(({ entries }) => entries.every((entry) => storeAccess(entry) === 'none'));
  if (smallest === undefined) throw new Error('no function is without the store: an empty one needs its dependencies');
  const { folder } = await installBundle(smallest, place);
  const empty = join(place, 'empty-function');
  cpSync(folder, empty, { recursive: true });
  writeFileSync(
    join(empty, 'index.js'),
    "import { http } from '@google-cloud/functions-framework';\nhttp('empty', (_request, response) => void response.end('{}'));\n",
  );
  return target({ name: 'empty', folder: empty, zipBytes: 0 }, { entries: [] });
}

async function measure(print: BenchRun['print'], { part, rounds, place, firestore }: Measuring): Promise<void> {
  const empty = await emptyFunction(place);
  const targets: Target[] = [];
  for (const deployable of deployables.filter(({ name }) => name.includes(part))) {
    targets.push(target(await installBundle(deployable, place), deployable));
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, bundle] of targets.entries()) {
      if (index % emptyAfter === 0) await start(empty, { method: 'GET' }, empty.first, firestore);
      await start(bundle, { method: 'DELETE' }, bundle.first, firestore);
      const { inSession: method, withRead } = bundle;
      if (method !== undefined) await start(bundle, { method, headers: unknownSession }, withRead, firestore);
    }
  }
  const floor = median(empty.first);
  const rows = targets.map(({ name, zipBytes, first, withRead }) => {
    const ms = median(first);
    const reading = withRead.length === 0 ? '' : median(withRead).toFixed(0);
    return [name, `${Math.ceil(zipBytes / 1024)}`, ms.toFixed(0), (ms / floor).toFixed(2), reading];
  });
  print(`Cold start: medians of ${rounds} starts (of ${empty.first.length} for the empty function), ms\n`);
  print(
    table(
      ['function', 'zip KiB', 'first answer', 'to empty', 'with a read'],
      [['(an empty function)', '', floor.toFixed(0), '1.00', ''], ...rows],
    ),
  );
}
