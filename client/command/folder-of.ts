import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { NoSyncFolder } from '../folder/failures.ts';
import { type FolderSettings, ownFile, readSettings } from '../folder/state.ts';
import type { Context } from './context.ts';

/** A sync folder: the one meant, or the nearest above. */
export interface SyncFolder {
  readonly root: string;
  readonly settings: FolderSettings;
}

/** @returns undefined when neither the folder nor one above it is a sync folder */
export async function findFolder({ world }: Context, given?: string): Promise<SyncFolder | undefined> {
  for (let root = resolve(world.cwd, given ?? '.'); ; root = dirname(root)) {
    const there = await access(ownFile(root, 'folder.json')).then(
      () => true,
      () => false,
    );
    const settings = there ? await readSettings(root) : undefined;
    if (settings !== undefined) return { root, settings };
    if (dirname(root) === root) return undefined;
  }
}

/** @throws {NoSyncFolder} */
export async function requireFolder(context: Context, given?: string): Promise<SyncFolder> {
  const found = await findFolder(context, given);
  if (found === undefined) throw new NoSyncFolder(resolve(context.world.cwd, given ?? '.'));
  return found;
}
