import { createHash } from 'node:crypto';
import { type Random, random } from '../model/random.ts';
import { enter, jane } from '../support/sdk.ts';
import type { TestStack } from '../support/stack.ts';
import { type Machine, newMachine } from './machine.ts';

export interface TrialOptions {
  readonly files: number;
  readonly kills: number;
  readonly seed: number;
  /** Bytes of the largest files, of which there is one in two thousand, and at least one. */
  readonly large: number;
  /** Milliseconds within which a program is killed. */
  readonly killWithin: number;
  readonly print: (line: string) => void;
}

export interface TrialReport {
  readonly kills: number;
  readonly runs: number;
  readonly bytes: number;
  readonly requests: Readonly<Record<string, number>>;
  readonly seconds: Readonly<Record<string, number>>;
}

const mostRounds = 12;

/**
 * Two machines of one account with a folder each, and a group between them. Files go up from one and down to the other,
 * are edited, renamed and removed on both, and go again; all the while `nightvault sync` is killed at random, and started
 * again. In the end both folders must hold, byte for byte, what people have made of them.
 * @throws Error when they do not
 */
export async function trial(stack: TestStack, options: TrialOptions): Promise<TrialReport> {
  const { seed, kills, print } = options;
  const from = random(seed, 'folder trial');
  const account = await enter(stack, { ...jane, email: `jane+${from.hex(6)}@example.com` });
  const env = { NIGHTVAULT_SERVER: stack.url, NIGHTVAULT_PASSPHRASE: jane.passphrase };
  const machines = [await newMachine(env), await newMachine(env)] as const;
  const [one, other] = machines;
  const expected = new Map<string, string>();
  const seconds: Record<string, number> = {};
  const calls = stack.logs.length;
  let [killed, runs] = [0, 0];

  let within = options.killWithin;

  /** Syncs until it has come to an end, killed as often as is left for this phase. */
  async function syncing(what: string, machine: Machine, share: number, args: readonly string[] = []): Promise<void> {
    const started = performance.now();
    let left = Math.min(share, kills - killed);
    for (;;) {
      const after = left > 0 ? Math.min(200, within / 4) + from.below(within) : undefined;
      const { code, output, errors } = await machine.command(['sync', '--json', ...args], after);
      runs += 1;
      if (code === 0) break;
      if (code !== null) throw new Error(`${what} ended with ${code}: ${output}${errors}`);
      killed += 1;
      left -= 1;
    }
    seconds[what] = (performance.now() - started) / 1000;
    print(`${what}: ${seconds[what].toFixed(1)} s, killed ${killed} times by now`);
  }

  try {
    for (const machine of machines) {
      await succeed(machine, ['login', '--email', account.email]);
    }
    await succeed(one, ['create', 'Files', '--folder', '.']);
    const group = JSON.parse((await succeed(one, ['groups', '--json'])).output).groups[0].id;
    const bytes = await fill(one, expected, options, from);
    print(`${expected.size} files, ${(bytes / 1e6).toFixed(1)} MB`);
    await syncing('up', one, Math.ceil(kills * 0.4));
    await syncing('down', other, Math.ceil(kills * 0.4), ['--group', group]);
    await compare(expected, machines);
    for (let round = 1; round === 1 || killed < kills; round++) {
      if (round > mostRounds) throw new Error(`Only ${killed} of ${kills} kills came before a sync was over.`);
      await change(machines, expected, from, round);
      await syncing(`${round}: changes of the first`, one, kills);
      await syncing(`${round}: changes of the second`, other, kills);
      await syncing(`${round}: back to the first`, one, kills);
      await compare(expected, machines);
      // A program that is done sooner must die sooner.
      within = Math.max(100, within / 2);
    }
    for (const machine of machines) await quiet(stack, machine);
    const requests: Record<string, number> = {};
    for (const { function: name, durationMs } of stack.logs.slice(calls)) {
      if (typeof name === 'string' && durationMs !== undefined) requests[name] = (requests[name] ?? 0) + 1;
    }
    return { kills: killed, runs, bytes, requests, seconds };
  } finally {
    for (const machine of machines) await machine.drop();
  }
}

async function succeed(machine: Machine, args: readonly string[]) {
  const ended = await machine.command(args);
  if (ended.code !== 0) throw new Error(`nightvault ${args.join(' ')} ended with ${ended.code}: ${ended.errors}`);
  return ended;
}

const hash = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Sizes are log-normal with a median of 1 kB; half of the files are text. */
function sample(from: Random, size: number): Uint8Array {
  const seed = from.hex(16);
  const noise = new Uint8Array(size);
  let block = hash(Buffer.from(seed));
  for (let at = 0; at < size; at += 32) {
    block = hash(Buffer.from(block));
    noise.set(Buffer.from(block, 'hex').subarray(0, size - at), at);
  }
  if (from.chance(0.5)) return noise;
  return Buffer.from(Buffer.from(noise).toString('base64').slice(0, size));
}

function sizeOf(from: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - from.next())) * Math.cos(2 * Math.PI * from.next());
  return Math.min(200_000, Math.floor(1000 * Math.exp(1.2 * normal)));
}

async function fill(machine: Machine, expected: Map<string, string>, { files, large }: TrialOptions, from: Random) {
  let bytes = 0;
  const giants = Math.max(1, Math.round(files / 2000));
  for (let index = 0; index < files; index++) {
    const content = sample(from, index < giants ? large : sizeOf(from));
    const path = `${from.pick(['specs', 'tests', 'collections/ümlaut', 'data/deep/er'])}/${index % 40}/file ${index}.bin`;
    await machine.write(path, content);
    expected.set(path, hash(content));
    bytes += content.length;
  }
  return bytes;
}

/** Some edits, renames, removals and new files on each side, none of them on a file of the other side's. */
async function change(machines: readonly Machine[], expected: Map<string, string>, from: Random, round: number) {
  const paths = [...expected.keys()];
  const some = Math.min(Math.floor(paths.length / 10), 300);
  for (const [turn, machine] of machines.entries()) {
    for (let index = 0; index < some; index++) {
      const path = paths[(index * 2 + turn) * 5];
      const was = path === undefined ? undefined : expected.get(path);
      if (path === undefined || was === undefined) continue;
      const what = index % 4;
      if (what === 0) {
        await machine.remove(path);
        expected.delete(path);
      } else if (what === 1) {
        const content = await machine.read(path);
        await machine.remove(path);
        await machine.write(`renamed/${round}/${turn}/${index}.bin`, content);
        expected.delete(path);
        expected.set(`renamed/${round}/${turn}/${index}.bin`, was);
      } else {
        const content = sample(from, sizeOf(from));
        const target = what === 2 ? path : `new/${round}/${turn}/${index}.txt`;
        await machine.write(target, content);
        expected.set(target, hash(content));
      }
    }
  }
}

async function compare(expected: ReadonlyMap<string, string>, machines: readonly Machine[]): Promise<void> {
  for (const [index, machine] of machines.entries()) {
    const found = await machine.hashes();
    const missing = [...expected].filter(([path, content]) => found.get(path) !== content).map(([path]) => path);
    const extra = [...found.keys()].filter((path) => !expected.has(path));
    if (missing.length + extra.length === 0) continue;
    const some = (paths: readonly string[]) => `${paths.length} (${paths.slice(0, 5).join(', ')})`;
    throw new Error(`Machine ${index + 1}: missing or different ${some(missing)}, too many ${some(extra)}.`);
  }
}

/** Nothing has changed: one call, and it is sync-check. */
async function quiet(stack: TestStack, machine: Machine): Promise<void> {
  const before = stack.logs.length;
  await succeed(machine, ['sync']);
  const called = stack.logs.slice(before).filter(({ durationMs }) => durationMs !== undefined);
  const names = called.map(({ function: name }) => name);
  if (names.join() !== 'sync-check') throw new Error(`A sync without changes called ${names.join(', ') || 'nothing'}.`);
}
