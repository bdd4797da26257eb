import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulators } from '../../emulator/emulators.ts';
import { deployables } from '../../functions/bundle/bundle.ts';
import { storeAccess } from '../../shared/platform/store-access.ts';
import { installBundle } from '../support/bundles/installed.ts';
import { startBundle } from '../support/bundles/process.ts';
import { table } from './table.ts';

/**
 * `npm run bench:cold-start [-- PART]`: from the start of the process to its first answer, for every bundle and for an
 * empty function of functions-framework, medians of so many starts in turn. What Google adds before (fetching the image,
 * making the sandbox) is not in it. For functions in a session also the first answer that has read the store: an unknown
 * session's 401.
 */
const starts = 5;
const part = process.argv[2] ?? '';
const place = mkdtempSync(join(tmpdir(), 'cold-start-'));
const emulators = await startEmulators(place);
const env = { FIRESTORE_EMULATOR_HOST: emulators.hosts.firestore };
const print = (line: string) => void process.stdout.write(`${line}\n`);

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function measure(target: { name: string; folder: string }, request: RequestInit): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < starts; round += 1) {
    const { milliseconds, stop } = await startBundle(target, request, env);
    times.push(milliseconds);
    await stop();
  }
  return median(times);
}

const unknownSession = { headers: { authorization: `Bearer ${'0'.repeat(64)}` } };

try {
  const rows: string[][] = [];
  const chosen = deployables.filter(({ name }) => name.includes(part));
  const smallest = deployables.find(({ entries }) => entries.every((entry) => storeAccess(entry) === 'none'));
  if (smallest === undefined) throw new Error('no function is without the store: an empty one needs its dependencies');
  const { folder } = await installBundle(smallest, place);
  const empty = { name: 'empty', folder: join(place, 'empty-function') };
  rmSync(empty.folder, { recursive: true, force: true });
  cpSync(folder, empty.folder, { recursive: true });
  writeFileSync(
    join(empty.folder, 'index.js'),
    "import { http } from '@google-cloud/functions-framework';\nhttp('empty', (_request, response) => void response.end('{}'));\n",
  );
  const floor = await measure(empty, { method: 'GET' });
  rows.push(['(an empty function)', '', floor.toFixed(0), '1.00', '']);
  for (const deployable of chosen) {
    const installed = await installBundle(deployable, place);
    const first = await measure(installed, { method: 'DELETE' });
    const [entry, ...more] = deployable.entries;
    const operations = entry?.trigger === 'http' && more.length === 0 ? entry.operations : {};
    const method = Object.entries(operations).find(([, { access }]) => access === 'session')?.[0];
    const reading = method === undefined ? '' : (await measure(installed, { method, ...unknownSession })).toFixed(0);
    const size = `${Math.ceil(installed.zipBytes / 1024)}`;
    rows.push([deployable.name, size, first.toFixed(0), (first / floor).toFixed(2), reading]);
  }
  print(`Cold start: medians of ${starts} starts, ms\n`);
  print(table(['function', 'zip KiB', 'first answer', 'to empty', 'with a read'], rows));
} finally {
  await emulators.stop();
  rmSync(place, { recursive: true, force: true });
}
