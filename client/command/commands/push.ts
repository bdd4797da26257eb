import { type Command, common } from '../definition.ts';
import { folderToSync, syncFolder, told } from '../syncing.ts';
import { folderArgument } from './sync.ts';

const options = [{ ...common.group, about: 'the group the folder is to belong to; needed the first time' }];

export const push: Command = {
  name: 'push',
  summary: 'send what has changed in a folder, and write nothing here',
  description: [
    'As nightvault sync, in one direction. Files that others have changed as well are not sent: pull, or sync, first.',
  ],
  arguments: [folderArgument],
  options,
  examples: [['nightvault push', '']],
  async run(context, input) {
    const folder = await folderToSync(context, input);
    return told(context, folder, await syncFolder(context, folder, 'push'));
  },
};
