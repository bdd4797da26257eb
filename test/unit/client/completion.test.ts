import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { completionFor, shells } from '../../../client/command/completion.ts';
import { commands } from '../../../client/command/registry.ts';
import { notInstalled } from '../../support/installed.ts';

const zshProgram = fileURLToPath(new URL('../../support/complete.zsh', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightvault-completion-'));
  for (const shell of shells) writeFileSync(join(folder, `script.${shell}`), completionFor(shell, commands));
  writeFileSync(join(folder, 'with a space'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const offers: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['nightvault sta', ['status']],
  ['nightvault share --ro', ['--role']],
  ['nightvault share --role ', ['admin', 'editor', 'viewer']],
  ['nightvault invite --role ', ['admin', 'member']],
  ['nightvault share --group ', []],
  ['nightvault passphrase ch', ['change']],
  ['nightvault import w', ['with a space']],
  ['nightvault export --output w', ['with a space']],
  ['nightvault create w', []],
  ['nightvault groups w', []],
  ['nightvault --', ['--help', '--version']],
  ['nightvault s', commands.flatMap(({ name }) => (name.startsWith('s') ? [name] : []))],
  ...commands.map(({ name, options = [] }): [string, string[]] => [
    `nightvault ${name} --`,
    [...options.map((option) => `--${option.name}`), '--help', '--json', '--no-color'],
  ]),
];

/** What a real shell offers at the end of each of these lines. */
function offered(shell: (typeof shells)[number], lines: readonly string[]): string[][] {
  const script = join(folder, `script.${shell}`);
  const bash = (line: string) => {
    const words = line.split(' ').map((word) => `'${word}'`);
    return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _nightvault; printf '%s\\n' "\${COMPREPLY[@]}" -`;
  };
  const fish = (line: string) => `complete -C '${line}' | string split -f 1 \\t; echo -`;
  const args = {
    bash: ['-c', [`source ${script}`, ...lines.map(bash)].join('\n')],
    fish: ['--no-config', '-c', [`source ${script}`, ...lines.map(fish)].join('\n')],
    zsh: ['-f', zshProgram, script, ...lines],
  }[shell];
  const { stdout, stderr } = spawnSync(shell, args, { encoding: 'utf8', cwd: folder });
  expect(stderr).toBe('');
  const answers = stdout.replaceAll('\\ ', ' ').split(/^-\n/m).slice(0, -1);
  return answers.map((answer) => answer.split('\n').filter((each) => each !== ''));
}

for (const shell of shells) {
  const missing = shell !== 'bash' && notInstalled(shell).length > 0;
  (missing ? it.skip : it)(
    `${shell} offers commands, options, what those can be, and files where they are meant`,
    () => {
      const answers = offered(
        shell,
        offers.map(([line]) => line),
      );
      const sorted = (words: readonly string[] = []) => words.toSorted();
      expect(offers.map(([line], index) => [line, sorted(answers[index])])).toEqual(
        offers.map(([line, words]) => [line, sorted(words)]),
      );
    },
  );
}
