import type { Command, Option } from './definition.ts';
import { everywhere } from './help.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

const optionsOf = ({ options = [] }: Command): readonly Option[] => [...options, ...everywhere];
const flags = (option: Option): string[] => [
  `--${option.name}`,
  ...(option.short === undefined ? [] : [`-${option.short}`]),
];
const choicesOf = ({ arguments: all = [] }: Command): readonly string[] => all.flatMap(({ choices }) => choices ?? []);

/** A script that completes every command, its options, and what they can be; files elsewhere. */
export function completionFor(shell: string, commands: readonly Command[]): string {
  if (shell === 'fish') return fish(commands);
  return shell === 'zsh' ? zsh(commands) : bash(commands);
}

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const words = [...optionsOf(command).flatMap(flags), ...choicesOf(command)];
    return `    ${command.name}) words=${quoted(words.join(' '))} ;;`;
  });
  const values = [...new Set(commands.flatMap(({ options = [] }) => options))].flatMap((option) =>
    option.choices === undefined
      ? []
      : [`    ${flags(option).join('|')}) values=${quoted(option.choices.join(' '))} ;;`],
  );
  return `# bash completion of nightvault
_nightvault() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words= values=
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W ${quoted([...commands.map(({ name }) => name), '--help', '--version'].join(' '))} -- "$current"))
    return
  fi
  case $previous in
${[...new Set(values)].join('\n')}
  esac
  if [[ -n $values ]]; then COMPREPLY=($(compgen -W "$values" -- "$current")); return; fi
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _nightvault nightvault
`;
}

function zsh(commands: readonly Command[]): string {
  const listed = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = commands.map((command) => {
    const specs = optionsOf(command).flatMap((option) => {
      const value = option.value === undefined ? '' : `:${option.value.toLowerCase()}:${zshValues(option)}`;
      return flags(option).map((flag) => quoted(`${flag}[${option.about.replace(/[[\]:]/g, '')}]${value}`));
    });
    const choices = choicesOf(command);
    const rest = choices.length === 0 ? quoted('*:file:_files') : quoted(`*:choice:(${choices.join(' ')})`);
    return `    ${command.name}) _arguments ${[...specs, rest].join(' ')} ;;`;
  });
  return `#compdef nightvault
_nightvault() {
  local -a commands=(
${listed.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _nightvault ]]; then _nightvault "$@"; else compdef _nightvault nightvault; fi
`;
}

const zshValues = ({ choices, value }: Option): string => {
  if (choices !== undefined) return `(${choices.join(' ')})`;
  return value === 'FILE' || value === 'FOLDER' ? '_files' : ' ';
};

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const seen = `-n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
    const choices = choicesOf(command);
    return [
      `complete -c nightvault -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
      ...(choices.length === 0 ? [] : [`complete -c nightvault ${seen} -f -a ${quoted(choices.join(' '))}`]),
      ...optionsOf(command).map((option) => {
        const short = option.short === undefined ? '' : ` -s ${option.short}`;
        const value =
          option.value === undefined
            ? ''
            : option.choices === undefined
              ? ' -r'
              : ` -x -a ${quoted(option.choices.join(' '))}`;
        return `complete -c nightvault ${seen} -l ${option.name}${short}${value} -d ${quoted(option.about)}`;
      }),
    ];
  });
  return ['# fish completion of nightvault', ...lines, ''].join('\n');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
