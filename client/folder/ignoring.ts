import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore from 'ignore';
import { ownFolder } from './paths.ts';

/**
 * A file in the folder that says, in the way of `.gitignore`, what is not to be synced. It is synced itself, so every
 * member can change it; what stands in `ignore` in the folder's own folder holds for this folder alone, and before it.
 */
export const ignoreFile = '.nightvaultignore';

/** What nobody means to sync. A line `!.git` in the ignore file takes one back. */
const always = ['.git/', '.DS_Store', 'Thumbs.db', 'desktop.ini', '*~', '*.swp'];

/** Whether a path is left alone; of a folder with a slash at its end. */
export type Ignores = (path: string) => boolean;

export async function readIgnoring(root: string): Promise<Ignores> {
  const text = (path: string) => readFile(join(root, path), 'utf8').catch(() => '');
  const shared = ignore()
    .add(always)
    .add(await text(ignoreFile));
  const own = ignore()
    .add(await text(`${ownFolder}/ignore`))
    .add(`${ownFolder}/`);
  return (path) => own.ignores(path) || shared.ignores(path);
}
