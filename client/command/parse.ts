import {
  Command as Commander,
  Argument as CommanderArgument,
  CommanderError,
  Option as CommanderOption,
} from 'commander';
import picocolors from 'picocolors';
import type { Command, Input } from './definition.ts';
import { usage } from './failures.ts';
import { everywhere, optionShown, versionOption } from './help.ts';
import { printable } from './layout.ts';

/** What a command line means. */
export type Parsed =
  | { readonly kind: 'run'; readonly command: Command; readonly input: Input }
  | { readonly kind: 'help'; readonly command: Command | undefined }
  | { readonly kind: 'version' };

/** Others on the computer, and the shell's history, see what is on a command line. */
const secretOptions = new Set(['--passphrase', '--password', '-p=', '--new-passphrase']);

/** @param args without the program's name @throws {CommandFailed} when they are no command line */
export function parse(args: readonly string[], commands: readonly Command[]): Parsed {
  const secret = args.find((each) => secretOptions.has(each.split('=')[0] ?? ''));
  if (secret !== undefined) {
    const why = 'Others on this computer can see the command line, and your shell writes it down.';
    throw usage(
      'A passphrase is never given on the command line.',
      why,
      'Leave it out to be asked, or use --passphrase-file FILE or the environment variable NIGHTVAULT_PASSPHRASE. Think about changing the one you have just typed.',
    );
  }
  const [first, ...others] = args.filter((each) => !each.startsWith('-'));
  const options = args
    .slice(0, args.includes('--') ? args.indexOf('--') : undefined)
    .filter((each) => each.startsWith('-'));
  if (options.includes('--version')) return { kind: 'version' };
  const name = first === 'help' ? others[0] : first;
  if (name === undefined) {
    requireKnown(options);
    return { kind: 'help', command: undefined };
  }
  const command = commands.find((each) => each.name === name);
  if (command === undefined)
    throw usage(`There is no command "${printable(name)}".`, similar(name, commands), 'See nightvault --help.');
  if (first === 'help' || options.includes('--help') || options.includes('-h')) return { kind: 'help', command };
  return { kind: 'run', command, input: read(command, codesApart(args.toSpliced(args.indexOf(name), 1))) };
}

/** Of a command line without a command. */
function requireKnown(options: readonly string[]): void {
  const known = [...everywhere, versionOption].flatMap(({ name, short }) => [
    `--${name}`,
    ...(short === undefined ? [] : [`-${short}`]),
  ]);
  const unknown = options.find((each) => !known.includes(each));
  if (unknown === undefined) return;
  throw usage('That is no command line.', `There is no option ${printable(unknown)}.`, 'See nightvault --help.');
}

/** Codes of mails may begin with `-`, and are no options for that. */
function codesApart(args: readonly string[]): string[] {
  const isCode = (each: string | undefined) => each !== undefined && /^-[A-Za-z0-9_-]{42}$/.test(each);
  const codes = args.filter((each, index) => isCode(each) && args[index - 1] !== '--code');
  const joined = args.flatMap((each, index) => {
    if (isCode(each)) return [];
    return each === '--code' && isCode(args[index + 1]) ? [`--code=${args[index + 1]}`] : [each];
  });
  return codes.length === 0 ? joined : [...joined, ...(joined.includes('--') ? [] : ['--']), ...codes];
}

function similar(name: string, commands: readonly Command[]): string {
  const near = commands.filter((each) => each.name.startsWith(name.slice(0, 2))).map((each) => each.name);
  return near.length === 0 ? 'No command is called so.' : `No command is called so. Did you mean ${near.join(' or ')}?`;
}

function read(command: Command, args: readonly string[]): Input {
  const program = new Commander(command.name).exitOverride().helpOption(false).allowExcessArguments(false);
  program.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  for (const { name, optional, choices, about } of command.arguments ?? []) {
    const argument = new CommanderArgument(optional ? `[${name}]` : `<${name}>`, about);
    program.addArgument(choices === undefined ? argument : argument.choices([...choices]));
  }
  for (const each of [...(command.options ?? []), ...everywhere]) {
    if (each.name === 'help') continue;
    const shown = each.value === undefined ? optionShown(each) : optionShown({ ...each, value: `<${each.value}>` });
    const option = new CommanderOption(shown, each.about);
    if (each.choices !== undefined) option.choices([...each.choices]);
    if (each.many) option.argParser((value: string, before: string[] = []) => [...before, value]);
    program.addOption(option);
  }
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const why = error.message.replace(/^error: /, '').replace(/^./, (first) => first.toUpperCase());
    throw usage(
      'That is not how the command is used.',
      `${why}.`.replace(/\.\.$/, '.'),
      `See nightvault ${command.name} --help.`,
    );
  }
  return inputOf(command, program);
}

function inputOf(command: Command, program: Commander): Input {
  const values: Readonly<Record<string, unknown>> = program.opts();
  const find = (name: string) => values[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const names = (command.arguments ?? []).map(({ name }) => name);
  return {
    argument: (name) => text(program.processedArgs[names.indexOf(name)]),
    text: (name) => text(find(name)),
    list: (name) => {
      const found = find(name);
      return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : [];
    },
    flag: (name) => find(name) === true,
  };
}

/** Colours where they are wanted and can be shown. */
export const paintFor = (args: readonly string[], env: Readonly<Record<string, string | undefined>>, shown: boolean) =>
  picocolors.createColors(shown && !args.includes('--no-color') && !args.includes('--json') && !env.NO_COLOR);
