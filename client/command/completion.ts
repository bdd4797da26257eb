import type { Command, Option } from './definition.ts';
import { everywhere } from './help.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

const optionsOf = ({ options = [] }: Command): readonly Option[] => [...options, ...everywhere];
const flags = (option: Option): string[] => [
  `--${option.name}`,
  ...(option.short === undefined ? [] : [`-${option.short}`]),
];
const choicesOf = ({ arguments: all = [] }: Command): readonly string[] => all.flatMap(({ choices }) => choices ?? []);
/** Whether what is called so is a file or folder of this computer. */
const isPath = (name: string): boolean => ['file', 'folder', 'path'].includes(name.toLowerCase());
const takesPaths = ({ arguments: all = [] }: Command): boolean => all.some(({ name }) => isPath(name));
const atTop = ['--help', '--version'];

/** A script that completes every command, its options, and what they can be; files where they are meant. */
export function completionFor(shell: string, commands: readonly Command[]): string {
  if (shell === 'fish') return fish(commands);
  return shell === 'zsh' ? zsh(commands) : bash(commands);
}

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const words = [...optionsOf(command).flatMap(flags), ...choicesOf(command)];
    return `    ${command.name}) words=${quoted(words.join(' '))}${takesPaths(command) ? ' paths=1' : ''} ;;`;
  });
  const values = commands.flatMap(({ name, options = [] }) =>
    options.flatMap((option) => {
      if (option.value === undefined) return [];
      const patterns = flags(option).map((flag) => `${name},${flag}`);
      const offered = isPath(option.value) ? 'paths=1' : `words=${quoted((option.choices ?? []).join(' '))}`;
      return [`    ${patterns.join('|')}) ${offered} ;;`];
    }),
  );
  const first = [...commands.map(({ name }) => name), ...atTop];
  return `# bash completion of nightvault
_nightvault() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words= paths=
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W ${quoted(first.join(' '))} -- "$current"))
    return
  fi
  case \${COMP_WORDS[1]},$previous in
${values.join('\n')}
    *) case \${COMP_WORDS[1]} in
${cases.join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -n $paths ]]; then
    compopt -o filenames 2>/dev/null
    local IFS=$'\\n'
    COMPREPLY+=($(compgen -f -- "$current"))
  fi
}
complete -F _nightvault nightvault
`;
}

function zsh(commands: readonly Command[]): string {
  const listed = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = commands.map((command) => {
    const specs = optionsOf(command).flatMap((option) => {
      const value = option.value === undefined ? '' : `:${option.value.toLowerCase()}:${zshValues(option)}`;
      return flags(option).map((flag) => quoted(`${flag}[${option.about.replace(/[[\]:]/g, '')}]${value}`));
    });
    return `    ${command.name}) _arguments ${[...specs, ...zshArguments(command)].join(' ')} ;;`;
  });
  return `#compdef nightvault
_nightvault() {
  local -a commands=(
${listed.join('\n')}
  )
  if (( CURRENT == 2 )); then
    [[ $words[2] == -* ]] && compadd -- ${atTop.join(' ')} || _describe command commands
    return
  fi
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

function zshArguments(command: Command): string[] {
  const choices = choicesOf(command);
  if (choices.length > 0) return [quoted(`*:choice:(${choices.join(' ')})`)];
  return takesPaths(command) ? [quoted('*:file:_files')] : [];
}

const zshValues = ({ choices, value = '' }: Option): string => {
  if (choices !== undefined) return `(${choices.join(' ')})`;
  return isPath(value) ? '_files' : ' ';
};

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const inIt = `complete -c nightvault -n ${quoted(`__nightvault_in ${command.name}`)}`;
    const choices = choicesOf(command);
    return [
      `complete -c nightvault -n __nightvault_first -a ${command.name} -d ${quoted(command.summary)}`,
      ...(choices.length === 0 ? [] : [`${inIt} -a ${quoted(choices.join(' '))}`]),
      ...(takesPaths(command) ? [`${inIt} -F`] : []),
      ...optionsOf(command).map((option) => {
        const short = option.short === undefined ? '' : ` -s ${option.short}`;
        return `${inIt} -l ${option.name}${short}${fishValues(option)} -d ${quoted(option.about)}`;
      }),
    ];
  });
  const top = atTop.map((flag) => `complete -c nightvault -n __nightvault_first -l ${flag.slice(2)}`);
  return `# fish completion of nightvault
function __nightvault_first
  test (count (commandline -opc)) -eq 1
end
function __nightvault_in
  set -l words (commandline -opc)
  test (count $words) -gt 1; and test $words[2] = $argv[1]
end
complete -c nightvault -f
${[...top, ...lines].join('\n')}
`;
}

const fishValues = ({ choices, value }: Option): string => {
  if (value === undefined) return '';
  if (choices !== undefined) return ` -x -a ${quoted(choices.join(' '))}`;
  return isPath(value) ? ' -r -F' : ' -x';
};

/** As all three shells read it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
