import type { Command } from '../definition.ts';
import { folderToSync, syncFolder, told } from '../syncing.ts';
import { folderArgument, folderGroup } from './sync.ts';

export const pull: Command = {
  name: 'pull',
  summary: 'write what has changed in the group, and send nothing',
  description: ['As nightvault sync, in one direction. Files that were changed on both sides are kept twice.'],
  arguments: [folderArgument],
  options: [folderGroup],
  examples: [['nightvault pull --group "API specs"', 'into an empty folder, to have a copy']],
  async run(context, input) {
    const folder = await folderToSync(context, input);
    return told(context, folder, await syncFolder(context, folder, 'pull'));
  },
};
