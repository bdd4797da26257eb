import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makeFolder } from '../folder/disk.ts';
import type { Notice } from '../folder/plan/types.ts';
import { fileGroup } from '../folder/sdk-group.ts';
import { ownFile, readSettings, writeSettings } from '../folder/state.ts';
import { type SyncOptions, type SyncReport, sync } from '../folder/sync.ts';
import type { Group } from '../index.ts';
import type { Context } from './context.ts';
import type { Input, Result } from './definition.ts';
import { exitCodes } from './exit-codes.ts';
import { CommandFailed, usage } from './failures.ts';
import { findFolder, type SyncFolder } from './folder-of.ts';
import { namedGroup } from './group-of.ts';
import { count, printable } from './layout.ts';
import { showProgress } from './showing-progress.ts';

/** @param groupId the only one whose folder it may be @throws {CommandFailed} when it is another group's */
export async function requireFree(root: string, groupId?: string): Promise<void> {
  const before = await readSettings(root);
  if (before !== undefined && before.groupId !== groupId) {
    throw new CommandFailed('local', 'FOLDER_OF_ANOTHER_GROUP', {
      what: 'The folder belongs to another group.',
      why: `${root} is the folder of "${printable(before.groupName)}" (${before.groupId}).`,
      remedy: `Use another folder; or, if you mean it, remove ${ownFile(root, '')} first: your files stay.`,
    });
  }
}

/** From now on the folder is the group's. @throws {CommandFailed} when it is another one's */
export async function linkFolder(context: Context, root: string, group: Group): Promise<SyncFolder> {
  const { server } = await context.saved();
  await requireFree(root, group.id);
  await makeFolder(ownFile(root, ''));
  const settings = { v: 1 as const, server, groupId: group.id, groupName: group.name };
  await writeSettings(root, settings);
  return { root, settings };
}

/** The folder that is meant, linked to `--group` if that is given. */
export async function folderToSync(context: Context, input: Input): Promise<SyncFolder> {
  const given = input.argument('folder');
  const wanted = input.text('group');
  const root = resolve(context.world.cwd, given ?? '.');
  if (!(await stat(root).catch(() => undefined))?.isDirectory()) {
    throw usage('There is no such folder.', `${root} is no folder.`, 'Make it, or check the name.');
  }
  const folder = await findFolder(context, given);
  if (wanted !== undefined) return linkFolder(context, folder?.root ?? root, await namedGroup(context, wanted));
  if (folder === undefined) {
    const why = `Neither ${root} nor a folder above it belongs to a group.`;
    throw usage(
      'It is not said which group.',
      why,
      'Say it once: nightvault sync --group NAME. See nightvault groups.',
    );
  }
  const { server } = await context.saved();
  if (folder.settings.server === server) return folder;
  const why = `The folder belongs to a group at ${folder.settings.server}; you are logged in at ${server}.`;
  throw usage('That folder is of another server.', why, `nightvault login --server ${folder.settings.server}`);
}

/** Syncs once, and keeps the group's keys as they are afterwards. */
export async function syncFolder(
  context: Context,
  { root, settings }: SyncFolder,
  direction: NonNullable<SyncOptions['direction']>,
): Promise<SyncReport> {
  const shown = showProgress(context);
  try {
    const group = await context.group(settings.groupId);
    const files = fileGroup(await context.account(), group);
    const report = await sync(root, files, { direction, signal: context.signal, onProgress: shown.onProgress });
    await context.keep(group);
    return report;
  } finally {
    shown.stop();
  }
}

const attention: readonly Notice['kind'][] = ['conflict', 'refused', 'not-synced'];

/** Whether a person should look at one of them. */
export const needsAttention = (notices: readonly Notice[]): boolean =>
  notices.some(({ kind }) => attention.includes(kind));

/** What a sync has done, told. */
export function told({ paint }: Context, { root, settings }: SyncFolder, report: SyncReport): Result {
  const { written, removed, sent, notices } = report;
  const done = [
    ...(sent > 0 ? [`${count(sent, 'change')} sent`] : []),
    ...(written > 0 ? [`${count(written, 'file')} written`] : []),
    ...(removed > 0 ? [`${count(removed, 'file')} removed`] : []),
  ];
  const lines = notices.map(({ kind, path, detail }) =>
    [`${paint.yellow(kind)}: ${printable(path)}`.replace(/: $/, ''), printable(detail)].join(': '),
  );
  return {
    json: { folder: root, groupId: settings.groupId, sent, written, removed, notices },
    text: [...lines, done.length === 0 ? 'Nothing has changed.' : `${done.join(', ')}.`].join('\n'),
    ...(needsAttention(notices) ? { exitCode: exitCodes.attention.code } : {}),
  };
}
