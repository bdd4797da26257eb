import { type Command, common } from '../definition.ts';
import { folderToSync, syncFolder, told } from '../syncing.ts';
import { folderArgument } from './sync.ts';

const options = [{ ...common.group, about: 'the group the folder is to belong to; needed the first time' }];

export const pull: Command = {
  name: 'pull',
  summary: 'write what has changed in the group, and send nothing',
  description: ['As nightvault sync, in one direction. Files that were changed on both sides are kept twice.'],
  arguments: [folderArgument],
  options,
  examples: [['nightvault pull --group "API specs"', 'into an empty folder, to have a copy']],
  async run(context, input) {
    const folder = await folderToSync(context, input);
    return told(context, folder, await syncFolder(context, folder, 'pull'));
  },
};
