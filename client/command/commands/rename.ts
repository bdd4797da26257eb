import { type Command, common } from '../definition.ts';
import { groupOf } from '../group-of.ts';
import { printable } from '../layout.ts';

export const rename: Command = {
  name: 'rename',
  summary: 'give a group another name',
  description: ['For all members. The server sees the name. Folders of the group stay where they are.'],
  arguments: [{ name: 'name', about: 'what it is to be called' }],
  options: [common.group],
  examples: [['nightvault rename "API specs 2026" -g "API specs"', '']],
  async run(context, input) {
    const group = await groupOf(context, input.text('group'));
    const before = group.name;
    await group.rename(input.argument('name') ?? '', { signal: context.signal });
    await context.keep(group);
    return {
      json: { groupId: group.id, name: group.name, before },
      text: `"${printable(before)}" is now called "${printable(group.name)}".`,
    };
  },
};
