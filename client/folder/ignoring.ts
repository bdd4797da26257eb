import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore from 'ignore';
import { ownFolder } from './paths.ts';

/** A file in the folder that says, in the way of `.gitignore`, what is not to be synced. It is synced itself. */
export const ignoreFile = '.nightvaultignore';

/** What nobody means to sync. A line `!.git` in the ignore file takes one back. */
const always = ['.git/', '.DS_Store', 'Thumbs.db', 'desktop.ini', '*~', '*.swp'];

/** Whether a path is left alone; of a folder with a slash at its end. */
export type Ignores = (path: string) => boolean;

export async function readIgnoring(root: string): Promise<Ignores> {
  const text = await readFile(join(root, ignoreFile), 'utf8').catch(() => '');
  const rules = ignore().add(always).add(text);
  return (path) => path === ownFolder || path.startsWith(`${ownFolder}/`) || rules.ignores(path);
}
