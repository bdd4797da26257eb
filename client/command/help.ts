import type { Argument, Command, Option } from './definition.ts';
import { exitCodes } from './exit-codes.ts';
import { columns, terminalWidth as width, wrap } from './layout.ts';

/** Options that every command has. */
export const everywhere: readonly Option[] = [
  {
    name: 'json',
    about: 'prints one JSON object, also for a failure: `ok` says which; nothing else goes to standard output',
  },
  { name: 'no-color', about: 'no colours; NO_COLOR in the environment says the same' },
  { name: 'help', short: 'h', about: 'this page' },
];

/** What may be asked besides, without a command or with one. */
export const versionOption: Option = { name: 'version', about: 'the version of this program' };

export const environment = [
  ['NIGHTVAULT_SERVER', 'the server, where --server is not given'],
  ['NIGHTVAULT_PASSPHRASE', 'the passphrase, where it would be asked for'],
  ['NIGHTVAULT_NEW_PASSPHRASE', 'the new one of nightvault passphrase'],
  [
    'NIGHTVAULT_HOME',
    "the folder for the session and what is remembered of servers; without it the system's keyring and state folder are used",
  ],
] as const;

export const synopsis = ({ name, arguments: all = [] }: Command): string =>
  ['nightvault', name, ...all.map(argumentShown), '[OPTIONS]'].join(' ');

const argumentShown = ({ name, optional, choices }: Argument): string => {
  const shown = choices === undefined ? name.toUpperCase() : choices.join('|');
  return optional ? `[${shown}]` : shown;
};

export const optionShown = ({ name, short, value }: Option): string =>
  [short === undefined ? '' : `-${short}, `, `--${name}`, value === undefined ? '' : ` ${value}`].join('');

/** The page of one command, as a man page has it. */
export function commandHelp(command: Command): string {
  const { name, summary, description, arguments: all = [], options = [], examples } = command;
  return [
    section('NAME', `    nightvault ${name} - ${summary}`),
    section('SYNOPSIS', `    ${synopsis(command)}`),
    section('DESCRIPTION', description.map((each) => wrap(each, width, '    ')).join('\n\n')),
    ...(all.length === 0 ? [] : [section('ARGUMENTS', terms(all.map((each) => [argumentShown(each), each.about])))]),
    section('OPTIONS', terms([...options, ...everywhere].map((each) => [optionShown(each), aboutOption(each)]))),
    section(
      'EXAMPLES',
      examples
        .map(([line, about]) => [`    ${line}`, ...(about === '' ? [] : [`        ${about}`])].join('\n'))
        .join('\n'),
    ),
    exitSection(),
  ].join('\n\n');
}

/** The page of all commands. */
export function overview(commands: readonly Command[]): string {
  return [
    section('NAME', '    nightvault - end-to-end-encrypted sync of project files'),
    section('SYNOPSIS', '    nightvault COMMAND [OPTIONS]\n    nightvault COMMAND --help'),
    section('COMMANDS', indented(columns(commands.map(({ name, summary }) => [name, summary])))),
    section(
      'OPTIONS',
      terms([...everywhere, versionOption].map((each): [string, string] => [optionShown(each), each.about])),
    ),
    section('ENVIRONMENT', terms(environment)),
    exitSection(),
  ].join('\n\n');
}

const section = (title: string, body: string): string => `${title}\n${body}`;

const indented = (text: string): string => text.replace(/^/gm, '    ');

const terms = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([term, about]) => `    ${term}\n${wrap(about, width, '        ')}`).join('\n');

export const aboutOption = ({ about, choices }: Option): string =>
  choices === undefined ? about : `${about} (${choices.join(', ')})`;

const exitSection = (): string =>
  section('EXIT CODES', indented(columns(Object.values(exitCodes).map(({ code, about }) => [String(code), about]))));
