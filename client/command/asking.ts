import { usage } from './failures.ts';
import type { Environment } from './home.ts';
import { readPrivate } from './private-file.ts';

/** How a person is asked. */
export interface Asking {
  /** Whether there is anybody to ask. */
  readonly possible: boolean;
  hidden(question: string): Promise<string>;
  line(question: string): Promise<string>;
  sure(question: string): Promise<boolean>;
}

/** At a terminal. What is typed for `hidden` is not shown. */
export function terminalAsking(signal: AbortSignal): Asking {
  const streams = { output: process.stderr, signal };
  return {
    possible: process.stdin.isTTY === true && process.stderr.isTTY === true,
    hidden: async (message) => (await import('@inquirer/password')).default({ message, mask: false }, streams),
    line: async (message) => (await import('@inquirer/input')).default({ message, required: true }, streams),
    sure: async (message) => (await import('@inquirer/confirm')).default({ message, default: false }, streams),
  };
}

export interface PassphraseSource {
  readonly env: Environment;
  readonly asking: Asking;
  /** Of `--passphrase-file`. */
  readonly file: string | undefined;
}

/**
 * A passphrase from a file, the environment or a person; never from the command line, which others on the computer and
 * the shell's history see.
 * @param twice a new one is asked for twice
 */
export async function readPassphrase(
  { env, asking, file }: PassphraseSource,
  question: string,
  { twice = false, variable = 'NIGHTVAULT_PASSPHRASE' } = {},
): Promise<string> {
  const passphrase = (await fromFile(file)) ?? env[variable] ?? (await ask(asking, question, twice, variable));
  if (passphrase.trim() === '')
    throw usage('There is no passphrase.', 'It is empty.', 'Give one that is hard to guess.');
  return passphrase;
}

async function fromFile(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const text = await readPrivate(file);
  if (text === undefined)
    throw usage('There is no passphrase.', `There is no file ${file}.`, 'Check --passphrase-file.');
  return text.split(/\r?\n/)[0];
}

async function ask(asking: Asking, question: string, twice: boolean, variable: string): Promise<string> {
  if (!asking.possible) {
    const why = 'Nobody can be asked here: this is no terminal.';
    throw usage('There is no passphrase.', why, `Use --passphrase-file FILE, or the environment variable ${variable}.`);
  }
  const first = await asking.hidden(question);
  if (!twice || (await asking.hidden('The same again')) === first) return first;
  throw usage('The two passphrases differ.', 'They were not typed alike.', 'Run the command again.');
}
