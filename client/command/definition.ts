import type { Context } from './context.ts';

/** Something that follows the command's name. */
export interface Argument {
  readonly name: string;
  readonly about: string;
  readonly optional?: true;
  /** All that it can be. */
  readonly choices?: readonly string[];
}

export interface Option {
  readonly name: string;
  readonly short?: string;
  /** What its value is called in the help; an option without one is on or off. */
  readonly value?: string;
  /** It may be given more than once. */
  readonly many?: true;
  readonly about: string;
  readonly choices?: readonly string[];
}

/** What was typed, by the names of the definition. */
export interface Input {
  argument(name: string): string | undefined;
  text(option: string): string | undefined;
  list(option: string): readonly string[];
  flag(option: string): boolean;
}

/** What a command has found or done: for programs, and for people. */
export interface Result {
  readonly json: Readonly<Record<string, unknown>>;
  /** Without the last end of line; nothing is printed where it is empty. */
  readonly text: string;
  /** Unless all is well: see exit-codes.ts. */
  readonly exitCode?: number;
}

/** One command of `nightvault`. Help, completion and docs/command.md are made of it. */
export interface Command {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Paragraphs. */
  readonly description: readonly string[];
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  readonly examples: readonly (readonly [line: string, about: string])[];
  run(context: Context, input: Input): Promise<Result>;
}

/** Options that several commands have. */
export const common = {
  server: { name: 'server', value: 'URL', about: 'the server: what stands before a function name in its URLs' },
  group: {
    name: 'group',
    short: 'g',
    value: 'GROUP',
    about: 'name or id of a group; unless given, that of the folder',
  },
  passphraseFile: {
    name: 'passphrase-file',
    value: 'FILE',
    about: 'a file whose first line is the passphrase; nobody else may be able to read it',
  },
  fingerprint: {
    name: 'fingerprint',
    value: 'FINGERPRINT',
    about:
      'the fingerprint, or its twelve words, that its owner has told you: taken without asking, and nothing else is',
  },
  yes: { name: 'yes', short: 'y', about: 'does not ask whether you are sure' },
} as const satisfies Record<string, Option>;
