import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** A program of ours, running as a process of its own. */
export interface Program {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  errors(): string;
  /** The first match in its output, come or yet to come. @throws Error when it ends before */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, once it has ended and closed its output. */
  readonly exit: Promise<number | null>;
}

/** @param env - on top of this process's environment, less the emulators of the test run */
export function runProgram(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const own = { FIRESTORE_EMULATOR_HOST: undefined, PUBSUB_EMULATOR_HOST: undefined, NODE_OPTIONS: undefined };
  const child = spawn(file, args, {
    cwd: repository,
    env: { ...process.env, ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output);
        if (match !== null) resolve(match);
      };
      child.stdout.on('data', look);
      look();
      void exit.then((code) => reject(new Error(`It ended with ${code}, without ${pattern}:\n${output}\n${errors}`)));
    });
  return { process: child, output: () => output, errors: () => errors, printed, exit };
}

/** The living processes below this one. */
export function descendants(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  const rows = stdout.split('\n').flatMap((line) => {
    const [child, parent, state = 'Z'] = line.trim().split(/\s+/);
    return state.startsWith('Z') ? [] : [{ child: Number(child), parent: Number(parent) }];
  });
  const below = (parent: number): number[] =>
    rows.filter((row) => row.parent === parent).flatMap(({ child }) => [child, ...below(child)]);
  return below(pid);
}

/** Those of them that live. */
export function living(pids: readonly number[]): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=,stat=', '-p', pids.join(',')], { encoding: 'utf8' });
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return rows.filter(([pid, state = 'Z']) => pid && !state.startsWith('Z')).map(([pid]) => Number(pid));
}

/** Kills this process, if it still lives, and all below it. */
export function stopAll(pid: number): void {
  for (const each of living([pid, ...descendants(pid)])) process.kill(each, 'SIGKILL');
}
