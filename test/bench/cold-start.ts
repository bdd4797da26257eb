import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulators } from '../../emulator/emulators.ts';
import { type Deployable, deployables } from '../../functions/bundle/bundle.ts';
import { everyOperation } from '../../shared/platform/definition.ts';
import { storeAccess } from '../../shared/platform/store-access.ts';
import { type InstalledBundle, installBundle } from '../support/bundles/installed.ts';
import { startBundle } from '../support/bundles/process.ts';
import { table } from './table.ts';

/**
 * `npm run bench:cold-start [-- PART]`: from the start of the process to its first answer, for every bundle and for an
 * empty function of functions-framework. Medians of so many rounds, in each of which every bundle is started once and the
 * empty function after every tenth, so that a computer that is busy for a while is so for all. What Google adds before
 * (fetching the image, making the sandbox) is not in it. For functions in a session also the first answer that has read
 * the store: an unknown session's 401.
 */
const rounds = 3;
const emptyAfter = 10;
const part = process.argv[2] ?? '';
const place = mkdtempSync(join(tmpdir(), 'cold-start-'));
const emulators = await startEmulators(place);
const env = { FIRESTORE_EMULATOR_HOST: emulators.hosts.firestore };
const print = (line: string) => void process.stdout.write(`${line}\n`);

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

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

async function start(bundle: Target, request: RequestInit, times: number[]): Promise<void> {
  const { milliseconds, stop } = await startBundle(bundle, request, env);
  times.push(milliseconds);
  await stop();
}

const unknownSession = { authorization: `Bearer ${'0'.repeat(64)}` };

/** The same dependencies as the smallest bundle, and a function that does nothing. */
async function emptyFunction(): Promise<Target> {
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

try {
  const empty = await emptyFunction();
  const targets: Target[] = [];
  for (const deployable of deployables.filter(({ name }) => name.includes(part))) {
    targets.push(target(await installBundle(deployable, place), deployable));
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, bundle] of targets.entries()) {
      if (index % emptyAfter === 0) await start(empty, { method: 'GET' }, empty.first);
      await start(bundle, { method: 'DELETE' }, bundle.first);
      const { inSession: method, withRead } = bundle;
      if (method !== undefined) await start(bundle, { method, headers: unknownSession }, withRead);
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
} finally {
  await emulators.stop();
  rmSync(place, { recursive: true, force: true });
}
