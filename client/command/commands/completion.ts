import { completionFor, shells } from '../completion.ts';
import type { Command } from '../definition.ts';

/** @param all every command, this one included */
export const completion = (all: () => readonly Command[]): Command => ({
  name: 'completion',
  summary: 'a script that completes commands and options in your shell',
  description: ['Prints it. Your shell has to read it at its start: see the examples.'],
  arguments: [{ name: 'shell', about: 'which shell', choices: shells }],
  examples: [
    ['nightvault completion bash > ~/.local/share/bash-completion/completions/nightvault', ''],
    ['nightvault completion zsh > ~/.zfunc/_nightvault', 'with ~/.zfunc in fpath'],
    ['nightvault completion fish > ~/.config/fish/completions/nightvault.fish', ''],
  ],
  async run(_context, input) {
    const shell = input.argument('shell') ?? '';
    const script = completionFor(shell, all());
    return { json: { shell, script }, text: script.trimEnd() };
  },
});
