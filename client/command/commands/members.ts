import { type Command, common } from '../definition.ts';
import { groupOf } from '../group-of.ts';
import { columns, printable } from '../layout.ts';

export const members: Command = {
  name: 'members',
  summary: 'who has a group',
  description: [
    'Lists everybody who has a link to the group, as the server says. `needs-rekey`: their passphrase was reset, and an admin has to let them in again, with nightvault readmit.',
  ],
  options: [common.group],
  examples: [['nightvault members -g "API specs"', '']],
  async run(context, input) {
    const group = await groupOf(context, input.text('group'));
    const list = await group.members({ signal: context.signal });
    const rows = list.map(({ email, firstName, lastName, role, state }) => [
      printable(email),
      printable(`${firstName} ${lastName}`.trim()),
      role,
      state,
    ]);
    return {
      json: { groupId: group.id, members: list },
      text: columns([['ADDRESS', 'NAME', 'ROLE', 'STATE'], ...rows]),
    };
  },
};
