import { fileGroup } from '../../folder/sdk-group.ts';
import { folderStatus } from '../../folder/status.ts';
import type { Command } from '../definition.ts';
import { exitCodes } from '../exit-codes.ts';
import { requireFolder } from '../folder-of.ts';
import { columns, count, printable } from '../layout.ts';
import { needsAttention } from '../syncing.ts';
import { folderArgument } from './sync.ts';

export const status: Command = {
  name: 'status',
  summary: 'what a sync would send, and whether others have changed something',
  description: ['Looks at the folder, and asks the server in one call. Nothing is changed.'],
  arguments: [folderArgument],
  options: [{ name: 'offline', about: 'does not ask the server' }],
  examples: [['nightvault status', '']],
  async run(context, input) {
    const folder = await requireFolder(context, input.argument('folder'));
    const { root, settings } = folder;
    const group = input.flag('offline') ? undefined : await context.group(settings.groupId);
    const files = group === undefined ? undefined : fileGroup(await context.account(), group);
    const {
      changes,
      notices,
      changedElsewhere,
      gone,
      files: total,
    } = await folderStatus(root, files, { signal: context.signal });
    const elsewhere = changedElsewhere ? 'Others have changed something.' : 'Nothing has changed elsewhere.';
    const away = 'The group is deleted, or you can open it no more: see nightvault groups.';
    const lines = [
      `${root} is the folder of "${printable(settings.groupName)}": ${count(total, 'file')}.`,
      columns(
        changes.map(({ kind, path, from }) => [
          `  ${kind}`,
          from === undefined ? printable(path) : `${printable(from)} → ${printable(path)}`,
        ]),
      ),
      ...notices.map(({ kind, path, detail }) => `  ${kind}  ${printable(path)}: ${printable(detail)}`),
      changes.length === 0 ? 'There is nothing to send.' : `${count(changes.length, 'change')} to send.`,
      changedElsewhere === undefined ? '' : gone ? away : elsewhere,
    ];
    return {
      json: {
        folder: root,
        groupId: settings.groupId,
        files: total,
        changes,
        notices,
        changedElsewhere: changedElsewhere ?? null,
        gone,
      },
      text: lines.filter((line) => line !== '').join('\n'),
      ...(gone || needsAttention(notices) ? { exitCode: exitCodes.attention.code } : {}),
    };
  },
};
