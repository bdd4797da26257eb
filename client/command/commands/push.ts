import type { Command } from '../definition.ts';
import { folderToSync, syncFolder, told } from '../syncing.ts';
import { folderArgument, folderGroup } from './sync.ts';

export const push: Command = {
  name: 'push',
  summary: 'send what has changed in a folder, and write nothing here',
  description: [
    'As nightvault sync, in one direction. Files that others have changed as well are not sent: pull, or sync, first.',
  ],
  arguments: [folderArgument],
  options: [folderGroup],
  examples: [['nightvault push', '']],
  async run(context, input) {
    const folder = await folderToSync(context, input);
    return told(context, folder, await syncFolder(context, folder, 'push'));
  },
};
