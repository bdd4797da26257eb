import { type Command, common } from '../definition.ts';
import { groupOf } from '../group-of.ts';
import { printable } from '../layout.ts';

export const leave: Command = {
  name: 'leave',
  summary: 'give up a group that others go on with',
  description: [
    'Gives up your link to the group, and forgets its keys here. Its others can write again once an admin has given it a fresh key. Files in folders of the group stay. The last admin cannot leave: nightvault role makes somebody else one, nightvault delete-group ends it for all.',
  ],
  options: [common.group, common.yes],
  examples: [['nightvault leave -g "API specs"', '']],
  async run(context, input) {
    const group = await groupOf(context, input.text('group'));
    await context.sure(`Leave "${printable(group.name)}"?`, input.flag('yes'));
    await group.leave({ signal: context.signal });
    await context.forget(group);
    return { json: { groupId: group.id, left: true }, text: `You have left "${printable(group.name)}".` };
  },
};
