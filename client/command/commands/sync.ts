import { watchFolder } from '../../folder/watch.ts';
import type { Context } from '../context.ts';
import { type Argument, type Command, common, type Input, type Option, type Result } from '../definition.ts';
import { explain } from '../explain.ts';
import { usage } from '../failures.ts';
import type { SyncFolder } from '../folder-of.ts';
import { printable } from '../layout.ts';
import { folderToSync, syncFolder, told } from '../syncing.ts';

export const folderArgument: Argument = {
  name: 'folder',
  optional: true,
  about: 'the folder; the one you are in, or the nearest sync folder above it, unless given',
};

export const folderGroup: Option = {
  ...common.group,
  about: 'the group the folder is to belong to; needed the first time',
};

export const syncCommand: Command = {
  name: 'sync',
  summary: 'bring a folder and its group to the same state',
  description: [
    'Sends what has changed here and writes what has changed elsewhere. Names and contents of files are encrypted before they leave. Where a file was changed on both sides, both versions are kept; who deletes gives way to who edits. It can be interrupted at any moment, and goes on the next time. docs/folder-sync.md says how it decides.',
    'What stands in a file .nightvaultignore, in the way of .gitignore, is left alone; so is .git.',
  ],
  arguments: [folderArgument],
  options: [
    folderGroup,
    { name: 'watch', short: 'w', about: 'goes on: syncs whenever a file changes, and every so often' },
    {
      name: 'every',
      value: 'SECONDS',
      about: 'with --watch: how often to look for changes of others; 30 unless given',
    },
  ],
  examples: [
    ['nightvault sync --group "API specs"', 'the first time'],
    ['nightvault sync', 'from then on'],
    ['nightvault sync ~/specs --watch', 'until Ctrl-C'],
  ],
  async run(context, input) {
    const folder = await folderToSync(context, input);
    if (input.flag('watch')) return watch(context, input, folder);
    return told(context, folder, await syncFolder(context, folder, 'both'));
  },
};

function secondsOf(given: string): number {
  if (/^[1-9]\d{0,5}$/.test(given)) return Number(given);
  throw usage('That is no number of seconds.', `"${printable(given)}" is none from 1 to 999999.`, 'Write --every 30.');
}

async function watch(context: Context, input: Input, folder: SyncFolder): Promise<Result> {
  const every = secondsOf(input.text('every') ?? '30') * 1000;
  await watchFolder(folder.root, { every, signal: context.signal }, async () => {
    try {
      const report = await syncFolder(context, folder, 'both');
      const result = told(context, folder, report);
      const { sent, written, removed, notices } = report;
      if (context.json) context.world.stdout(`${JSON.stringify({ ok: true, ...result.json })}\n`);
      else if (sent + written + removed + notices.length > 0) context.world.stdout(`${result.text}\n`);
      return true;
    } catch (error) {
      const explained = explain(error);
      if (explained.exit !== 'unreachable' && explained.code !== 'FOLDER_BUSY') throw error;
      context.world.stderr(`nightvault: ${explained.what} ${explained.why} It is tried again.\n`);
      return false;
    }
  });
  return { json: { watched: folder.root }, text: '' };
}
