import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { systemCode } from './start-error.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Where it runs, and leaves what it leaves. */
  readonly folder?: string;
  /** Gets everything the process prints. */
  readonly logFile: string;
}

/** A process that we started. */
export interface Child {
  /** Undefined when the program was not found. */
  readonly pid: number | undefined;
  /** Resolves when the process has gone, with how: `ENOENT`, an exit code or a signal. */
  readonly ended: Promise<string>;
  /** How it ended, once it has. */
  readonly outcome: string | undefined;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL after five seconds. Resolves when the process has gone. */
  stop(): Promise<void>;
}

const patience = 5_000;

/**
 * Starts a process in a group of its own: a terminal's Ctrl-C reaches us alone, so data can be saved before it goes.
 * Should we be killed ourselves, a guard kills the group, so nothing is ever left behind.
 */
export function startChild({ file, args, env, folder, logFile }: Command): Child {
  const log = openSync(logFile, 'a');
  const child = spawn(file, args, {
    stdio: ['ignore', log, log],
    detached: true,
    env: env ?? process.env,
    cwd: folder,
  });
  closeSync(log);
  const { pid } = child;
  const guard = pid === undefined ? undefined : guardOf(pid);
  let outcome: string | undefined;
  const ended = howItEnded(child).then(async (how) => {
    outcome = how;
    await guard?.dismiss();
    return how;
  });
  const send = (name: NodeJS.Signals) => {
    if (pid !== undefined && outcome === undefined) signalGroup(pid, name);
  };
  const end = async () => {
    send('SIGTERM');
    const timer = setTimeout(() => send('SIGKILL'), patience);
    await ended;
    clearTimeout(timer);
  };
  let stopping: Promise<void> | undefined;
  return {
    pid,
    ended,
    signal: send,
    get outcome() {
      return outcome;
    },
    stop: () => {
      stopping ??= end();
      return stopping;
    },
  };
}

async function howItEnded(child: ChildProcess): Promise<string> {
  try {
    const [code, signalName] = (await once(child, 'exit')) as [number | null, string | null];
    return code === null ? (signalName ?? 'unknown') : `exit code ${code}`;
  } catch (error) {
    return systemCode(error) ?? 'unknown';
  }
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // It has just gone by itself.
  }
}

/** Waits on a pipe that closes when this process ends, however it ends; then kills the group. */
function guardOf(pid: number): { dismiss(): Promise<void> } {
  const script = `trap '' INT TERM HUP; read _; kill -s KILL -- -${pid} 2>/dev/null`;
  const guard = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.unref();
  const gone = howItEnded(guard);
  return {
    dismiss: async () => {
      guard.kill('SIGKILL');
      await gone;
    },
  };
}
