import type { Command } from '../definition.ts';
import { columns, moment, printable } from '../layout.ts';
import { syncedFile } from '../synced-file.ts';

export const history: Command = {
  name: 'history',
  summary: 'the versions of a file that are still kept',
  description: [
    'Lists them, newest first. What was replaced or removed is kept for 30 days, unless the operator has set another time. A file that was removed is found by the name it had.',
  ],
  arguments: [{ name: 'path', about: 'a file of a sync folder' }],
  examples: [['nightvault history openapi.yaml', '']],
  async run(context, input) {
    const { path, group, id } = await syncedFile(context, input.argument('path') ?? '');
    const versions = await group.versions(id, { signal: context.signal });
    const names = new Map((await group.members({ signal: context.signal })).map((who) => [who.accountId, who.email]));
    const rows = versions.map(({ version, written, by, removed, size, path: called }) => [
      version,
      moment(written),
      printable(names.get(by) ?? by),
      removed ? 'removed' : `${size} bytes`,
      called !== undefined && called !== path ? `as ${printable(called)}` : '',
    ]);
    return { json: { path, id, versions }, text: columns([['VERSION', 'WRITTEN', 'BY', 'SIZE'], ...rows]) };
  },
};
