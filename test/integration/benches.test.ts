import { existsSync } from 'node:fs';
import { runProgram } from '../support/program.ts';

/** Each with a line of the table that a whole run prints too. Figures of a short run say nothing, so none is compared. */
const benches: readonly [name: string, printed: RegExp][] = [
  ['srp', /^ {2}tssrp6a .* unmodified +\d/m],
  ['http', /^session-whoami: .* ms +\d/m],
  ['sync', /^4 at once +\d+ ms/m],
  ['client', /^400 resources pushed, two documents each +\d/m],
  ['blob-memory', /^download, 1 at once +\d/m],
  ['analytics', /^analytics-ingest, 40 pushes at once +\d/m],
  ['cold-start', /^session-whoami +\d+ +\d+ +\d/m],
  ['enumeration', /^login-finish, unverified +2 /m],
];
const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const inBrowser: readonly [string, RegExp][] = existsSync(chromium) ? [['browser-login', /^login, ours +\d/m]] : [];

const bench = (...args: string[]) => runProgram(process.execPath, ['tools/bench/main.ts', ...args]);

describe('npm run bench', () => {
  it.each([...benches, ...inBrowser])('%s prints its table in a short run', async (name, printed) => {
    const run = bench(name, '--short');
    expect({ code: await run.exit, errors: run.errors() }).toEqual({ code: 0, errors: '' });
    expect(run.output()).toMatch(printed);
  });

  it('lists every benchmark, each of which is tried here', async () => {
    const run = bench();
    expect(await run.exit).toBe(0);
    const listed = [...run.output().matchAll(/^ {2}npm run bench (\S+) +\S/gm)].map(([, name]) => name);
    const tried = [...benches.map(([name]) => name), 'browser-login'];
    expect(listed.sort()).toEqual(tried.sort());
  });

  it('names the benchmarks when there is none of that name', async () => {
    const run = bench('constructor');
    expect(await run.exit).toBe(2);
    expect(run.output()).toContain('There is no benchmark "constructor". There are:\n  npm run bench srp ');
  });
});
