import { role as roles } from '../../../shared/protocol/fields.ts';
import { type Command, common } from '../definition.ts';
import { groupOf } from '../group-of.ts';
import { printable } from '../layout.ts';
import { memberOf } from '../member-of.ts';
import { roleMeaning } from './share.ts';

export const role: Command = {
  name: 'role',
  summary: 'change what somebody may do in a group',
  description: [
    "Only admins may, and a group's last admin stays one. Whoever becomes a viewer keeps the key: it is the server that takes no more changes from them. To take the group away from somebody: nightvault revoke.",
  ],
  arguments: [
    { name: 'address', about: 'their e-mail address' },
    { name: 'role', about: roleMeaning, choices: roles.options },
  ],
  options: [common.group],
  examples: [['nightvault role bob@example.com viewer -g "API specs"', '']],
  async run(context, input) {
    const group = await groupOf(context, input.text('group'));
    const wanted = roles.parse(input.argument('role'));
    const { accountId, email } = await memberOf(context, group, input.argument('address') ?? '');
    await group.setRole(accountId, wanted, { signal: context.signal });
    return {
      json: { groupId: group.id, email, role: wanted },
      text: `${printable(email)} is now ${wanted} of "${printable(group.name)}".`,
    };
  },
};
