import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { World } from '../../client/command/context.ts';
import type { Keyring } from '../../client/command/keyring.ts';
import { run } from '../../client/command/run.ts';
import type { Credentials } from '../../client/index.ts';

/** What one command line came to. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The object of `--json`. */
  readonly json: Record<string, unknown> & { readonly ok: boolean; readonly error?: Record<string, unknown> };
  /** What was asked. */
  readonly asked: readonly string[];
}

export interface Typing {
  /** Answers to what is asked, in order; with none there is nobody to ask. */
  readonly answers?: readonly (string | boolean)[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  /** Whether standard output is a terminal. */
  readonly terminal?: boolean;
}

/** Somebody at a computer with `nightvault`, in this process. */
export interface Terminal {
  readonly home: string;
  readonly cwd: string;
  (args: string, typing?: Typing): Promise<Outcome>;
  /** For arguments with spaces in them. */
  line(args: readonly string[], typing?: Typing): Promise<Outcome>;
  drop(): Promise<void>;
}

export async function newTerminal(env: Readonly<Record<string, string>>, keyring?: Keyring): Promise<Terminal> {
  const root = await mkdtemp(join(tmpdir(), 'nightvault-terminal-'));
  const home = join(root, 'home');
  const line: Terminal['line'] = (args, typing = {}) => {
    const own = keyring === undefined ? { NIGHTVAULT_HOME: home } : { XDG_STATE_HOME: root };
    return type(args, { cwd: root, ...typing, env: { ...own, ...env, ...typing.env } }, keyring);
  };
  const terminal = (args: string, typing?: Typing) => line(args.split(' '), typing);
  return Object.assign(terminal, { home, cwd: root, line, drop: () => rm(root, { recursive: true, force: true }) });
}

async function type(args: readonly string[], typing: Typing & { cwd: string }, keyring?: Keyring): Promise<Outcome> {
  const { answers, env = {}, cwd, signal = new AbortController().signal, now = Date.now, terminal = false } = typing;
  const left = [...(answers ?? [])];
  const asked: string[] = [];
  const answer = (question: string) => {
    asked.push(question);
    const next = left.shift();
    if (next === undefined) throw new Error(`Nobody expected the question: ${question}`);
    return next;
  };
  let [out, err] = ['', ''];
  const world: World = {
    env,
    cwd,
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    isTerminal: terminal,
    isWatched: false,
    asking: {
      possible: answers !== undefined,
      hidden: async (question) => String(answer(question)),
      line: async (question) => String(answer(question)),
      sure: async (question) => answer(question) === true,
    },
    openKeyring: async () => (keyring === undefined ? { why: 'there is none in tests' } : { keyring }),
    now,
    signal,
  };
  const code = await run(args, world);
  if (left.length > 0) throw new Error(`Never asked: ${left.join(', ')}`);
  const json = args.includes('--json') ? JSON.parse(out) : {};
  return { code, out, err, json, asked };
}

/** What it came to, if it went well. @throws Error when it did not */
export function well({ code, err, ...outcome }: Outcome): Omit<Outcome, 'code' | 'err'> {
  if (code !== 0) throw new Error(`It ended with ${code}: ${err}${outcome.out}`);
  return outcome;
}

/** Logs somebody in at a terminal. @returns what `--json` printed */
export const logInAt = async (terminal: Terminal, { email, passphrase }: Credentials) =>
  well(await terminal(`login --email ${email} --json`, { env: { NIGHTVAULT_PASSPHRASE: passphrase } })).json;
