import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import type { Context } from '../context.ts';
import type { Command } from '../definition.ts';
import { printable } from '../layout.ts';
import { syncedFile } from '../synced-file.ts';

export const diff: Command = {
  name: 'diff',
  summary: "how a file here differs from the group's",
  description: [
    'Compares the file with the version that stands in the group now, in the unified format. Fetches that one file, and changes nothing.',
  ],
  arguments: [{ name: 'path', about: 'a file of a sync folder' }],
  examples: [['nightvault diff openapi.yaml', '']],
  async run(context, input) {
    const { root, path, group, id } = await syncedFile(context, input.argument('path') ?? '');
    const theirs = await group.read(id, { signal: context.signal });
    const mine = await readFile(join(root, path)).catch(() => undefined);
    const same = theirs !== undefined && mine !== undefined && theirs.equals(mine);
    const [before, after] = [theirs ?? Buffer.alloc(0), mine ?? Buffer.alloc(0)];
    const binary = [before, after].some((bytes) => bytes.subarray(0, 8_000).includes(0));
    const whole =
      same || binary ? '' : createTwoFilesPatch(`group/${path}`, `folder/${path}`, before.toString(), after.toString());
    // Its first line is a rule, for who prints several.
    const patch = whole.split('\n').slice(1).join('\n');
    const shown = patch.trimEnd();
    const text = same
      ? 'They are the same.'
      : binary
        ? 'They differ, and are no texts.'
        : context.world.isTerminal
          ? forPeople(shown, context)
          : shown;
    return { json: { path, same, binary, patch }, text };
  },
};

/** A program, such as patch, gets the lines as they are. */
function forPeople(patch: string, { paint }: Context): string {
  const painted: Readonly<Record<string, (line: string) => string>> = {
    '+': paint.green,
    '-': paint.red,
    '@': paint.cyan,
  };
  const lines = patch.split('\n').map((line) => {
    const shown = line.split('\t').map(printable).join('\t');
    return painted[line[0] ?? '']?.(shown) ?? shown;
  });
  return lines.join('\n');
}
