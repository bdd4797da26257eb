import { role as roles } from '../../../shared/protocol/fields.ts';
import { comparing } from '../comparing.ts';
import { type Command, common } from '../definition.ts';
import { groupOf } from '../group-of.ts';
import { printable } from '../layout.ts';

/** What is said of the roles wherever one is to be given. */
export const roleMeaning = 'viewer reads, editor writes too, admin decides who else may';

export const share: Command = {
  name: 'share',
  summary: 'give somebody a group',
  description: [
    "Wraps the group's keys to the public key of somebody who has an account. The server hands out that key, and could hand out another: so you are shown its fingerprint, and asked to compare it with its owner. Once compared it is remembered, and a change is refused.",
    'Somebody without an account is invited into a team: nightvault invite.',
  ],
  arguments: [{ name: 'address', about: 'their e-mail address' }],
  options: [
    common.group,
    {
      name: 'role',
      short: 'r',
      value: 'ROLE',
      choices: roles.options,
      about: `${roleMeaning}; editor unless given`,
    },
    common.fingerprint,
  ],
  examples: [
    ['nightvault share bob@example.com', 'in a folder of the group'],
    ['nightvault share bob@example.com -g "API specs" -r viewer', ''],
  ],
  async run(context, input) {
    const group = await groupOf(context, input.text('group'));
    const role = roles.parse(input.text('role') ?? 'editor');
    const address = input.argument('address') ?? '';
    const compare = comparing(context, input.text('fingerprint'));
    const person = await group.share(address, role, { compare, signal: context.signal });
    await context.keep(group);
    return {
      json: { groupId: group.id, email: address, accountId: person.accountId, fingerprint: person.fingerprint, role },
      text: `${printable(address)} is now ${role} of "${printable(group.name)}".`,
    };
  },
};
