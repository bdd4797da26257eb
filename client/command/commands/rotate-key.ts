import { comparingEach, fingerprints } from '../comparing.ts';
import { type Command, common } from '../definition.ts';
import { groupOf } from '../group-of.ts';
import { printable } from '../layout.ts';

export const rotateKey: Command = {
  name: 'rotate-key',
  summary: 'give a group a fresh key',
  description: [
    'Wraps a fresh key for everybody who is a member now. The server names the members: you are asked about the key of each that was never compared here. What is there stays readable to members; it moves under the new key whenever it is written again.',
  ],
  options: [common.group, fingerprints],
  examples: [['nightvault rotate-key -g "API specs"', '']],
  async run(context, input) {
    const group = await groupOf(context, input.text('group'));
    const keyEpoch = await group.rotateKey({ compare: comparingEach(context, input), signal: context.signal });
    await context.keep(group);
    return {
      json: { groupId: group.id, keyEpoch },
      text: `"${printable(group.name)}" has a new key, its ${keyEpoch}.`,
    };
  },
};
