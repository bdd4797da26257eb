import type { Command } from './definition.ts';
import { exitCodes } from './exit-codes.ts';
import { aboutOption, environment, everywhere, optionShown, synopsis, versionOption } from './help.ts';
import { oldestNode, version } from './version.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
];

const installing = [
  '## Install',
  '',
  `Node.js ${oldestNode.join('.')} or newer is enough. \`npm run build:command\` in a checkout writes two forms of the command into`,
  '`dist/command`; give people either.',
  '',
  '```sh',
  `npm install -g ./nightvault-cli-${version}.tgz   # the package: puts nightvault on the PATH`,
  'node nightvault.mjs --help                  # the same in one file, for machines without npm',
  '```',
  '',
  'From a checkout, `npm run nightvault -- COMMAND` runs the source in the folder it is called from.',
  '',
  '## Commands',
  '',
];

/** docs/command.md, made of the registry. */
export function commandPage(commands: readonly Command[]): string {
  return [
    '# The `nightvault` command',
    '',
    '<!-- Made by `npm run generate:command` from client/command/registry.ts. -->',
    '',
    'Syncs folders with groups, end-to-end encrypted, and does all else a person does with an account. How a sync decides is',
    'in [folder-sync.md](folder-sync.md). `nightvault COMMAND --help` says the same as this page.',
    '',
    ...installing,
    ...table(
      ['command', 'what it does'],
      commands.map(({ name, summary }) => [`[\`${name}\`](#${name})`, summary]),
    ),
    '',
    '## For every command',
    '',
    ...table(
      ['option', ''],
      [...everywhere, versionOption].map((each) => [`\`${optionShown(each)}\``, each.about]),
    ),
    '',
    ...table(
      ['environment', ''],
      environment.map(([name, about]) => [`\`${name}\``, about]),
    ),
    '',
    ...table(
      ['exit code', ''],
      Object.values(exitCodes).map(({ code, about }) => [String(code), about]),
    ),
    '',
    'With `--json` a success is `{"ok":true,…}` and a failure `{"ok":false,"error":{"code","what","why","remedy","exitCode"}}`:',
    'one object on standard output, the same members every time.',
    '',
    ...commands.flatMap(section),
  ].join('\n');
}

function section(command: Command): string[] {
  const { name, description, arguments: all = [], options = [], examples } = command;
  const rows = [
    ...all.map((each) => [`\`${each.name.toUpperCase()}\``, each.about]),
    ...options.map((each) => [`\`${optionShown(each)}\``, aboutOption(each)]),
  ];
  return [
    `## ${name}`,
    '',
    `\`${synopsis(command)}\``,
    '',
    ...description.flatMap((each) => [each, '']),
    ...(rows.length === 0 ? [] : [...table(['', ''], rows), '']),
    '```sh',
    ...examples.map(([line, about]) => (about === '' ? line : `${line}  # ${about}`)),
    '```',
    '',
  ];
}
