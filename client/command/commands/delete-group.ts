import { type Command, common } from '../definition.ts';
import { groupOf } from '../group-of.ts';
import { moment, printable } from '../layout.ts';

export const deleteGroup: Command = {
  name: 'delete-group',
  summary: 'delete a group, for all its members',
  description: [
    'For a while it can be had back: nightvault groups --deleted says until when, nightvault groups --restore brings it back with all that was in it. Files in folders of the group stay.',
  ],
  options: [common.group, common.yes],
  examples: [['nightvault delete-group -g "API specs"', '']],
  async run(context, input) {
    const group = await groupOf(context, input.text('group'));
    await context.sure(`Delete "${printable(group.name)}", for everybody?`, input.flag('yes'));
    const { restorableUntil } = await group.delete({ signal: context.signal });
    await context.forget(group);
    return {
      json: { groupId: group.id, restorableUntil },
      text: `"${printable(group.name)}" is deleted. Until ${moment(restorableUntil)}: nightvault groups --restore ${group.id}`,
    };
  },
};
