import type { Command } from '../definition.ts';
import { usage } from '../failures.ts';
import { syncedFile } from '../synced-file.ts';
import { syncFolder, told } from '../syncing.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'have an earlier version of a file again',
  description: [
    'Makes it the newest version in the group, and takes it into the folder. What stood there stays in the history.',
  ],
  arguments: [
    { name: 'path', about: 'a file of a sync folder' },
    { name: 'version', about: 'as nightvault history shows it' },
  ],
  examples: [['nightvault restore openapi.yaml 12-3fa9c1', '']],
  async run(context, input) {
    const { folder, path, group, id } = await syncedFile(context, input.argument('path') ?? '');
    const version = input.argument('version') ?? '';
    const versions = await group.versions(id, { signal: context.signal });
    if (!versions.some((each) => each.version === version)) {
      throw usage('There is no such version.', `"${version}" is none of ${path}.`, 'See nightvault history.');
    }
    await group.restore(id, version, versions[0]?.version ?? version, { signal: context.signal });
    const result = told(context, folder, await syncFolder(context, folder, 'pull'));
    return { ...result, json: { path, version, ...result.json } };
  },
};
