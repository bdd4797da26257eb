import { comparingEach, fingerprints } from '../comparing.ts';
import { type Command, common } from '../definition.ts';
import { groupOf } from '../group-of.ts';
import { printable } from '../layout.ts';
import { memberOf } from '../member-of.ts';

export const revoke: Command = {
  name: 'revoke',
  summary: 'take a group away from somebody, and change its key',
  description: [
    'Takes their link away and gives the group a fresh key, which everybody else gets. What they have read they have read; what is written from now on they cannot read, even with the help of the server.',
  ],
  arguments: [{ name: 'address', about: 'their e-mail address' }],
  options: [
    common.group,
    {
      name: 'keep-key',
      about: 'does not change the key; nothing can be written to the group until somebody does: nightvault rotate-key',
    },
    fingerprints,
    common.yes,
  ],
  examples: [['nightvault revoke bob@example.com', '']],
  async run(context, input) {
    // Before anything is done: what was given may be wrong.
    const compare = comparingEach(context, input);
    const group = await groupOf(context, input.text('group'));
    const { accountId, email } = await memberOf(context, group, input.argument('address') ?? '');
    const address = printable(email);
    await context.sure(`Take "${printable(group.name)}" away from ${address}?`, input.flag('yes'));
    await group.revoke(accountId, { signal: context.signal });
    const rotate = !input.flag('keep-key');
    if (rotate) await group.rotateKey({ compare, signal: context.signal });
    await context.keep(group);
    return {
      json: { groupId: group.id, email, keyEpoch: group.keyEpoch, rotationRequired: !rotate },
      text: rotate
        ? `${address} is no member any more, and "${printable(group.name)}" has a new key.`
        : `${address} is no member any more. Nothing can be written until: nightvault rotate-key`,
    };
  },
};
