import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { splitExport } from '../../insomnia/export-file.ts';
import { pushProject } from '../../insomnia/project.ts';
import { type Command, common } from '../definition.ts';
import { exitCodes } from '../exit-codes.ts';
import { groupOf } from '../group-of.ts';
import { count, printable } from '../layout.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'put an Insomnia export file into a group',
  description: [
    "Takes an Insomnia export (version 4 or 5, JSON or YAML) apart into its requests, folders, environments, tests and so on, each a resource of its own under Insomnia's id, and pushes those that are new or have changed. The server sees their names and types, not their contents. A content that is too long for a resource goes as a blob. nightvault export joins them again.",
  ],
  arguments: [{ name: 'file', about: 'the export file' }],
  options: [common.group],
  examples: [['nightvault import Insomnia.yaml -g "Web shop"', '']],
  async run(context, input) {
    const file = resolve(context.world.cwd, input.argument('file') ?? '');
    const split = await splitExport(await readFile(file, 'utf8'));
    const group = await groupOf(context, input.text('group'));
    const { created, updated, unchanged, tooLarge } = await pushProject(group, split.resources, {
      signal: context.signal,
    });
    await context.keep(group);
    const large =
      tooLarge.length === 0 ? '' : ` Larger than a blob may be, and left out: ${tooLarge.map(printable).join(', ')}.`;
    const how = split.exact
      ? 'exported again it is the same to the byte'
      : 'exported again it says the same, spelled as Insomnia spells';
    return {
      json: { groupId: group.id, version: split.version, exact: split.exact, created, updated, unchanged, tooLarge },
      text: `${count(split.resources.length, 'resource')}: ${created} new, ${updated} changed, ${unchanged} as they were; ${how}.${large}`,
      ...(tooLarge.length === 0 ? {} : { exitCode: exitCodes.attention.code }),
    };
  },
};
