import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, replaceFile } from '../folder/disk.ts';
import { CommandFailed } from './failures.ts';

/** Whether others than its owner may use a file; Windows has other means, which it sets by itself in one's own folders. */
export async function openToOthers(path: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  return ((await stat(path)).mode & 0o077) !== 0;
}

/** @returns undefined when there is none @throws {CommandFailed} when others can read it */
export async function readPrivate(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).isDirectory()) {
      const why = `${path} is a folder.`;
      throw new CommandFailed('local', 'NO_FILE', { what: 'That is no file.', why, remedy: 'Name a file in it.' });
    }
    if (await openToOthers(path)) {
      throw new CommandFailed('local', 'FILE_OPEN_TO_OTHERS', {
        what: 'A file with secrets can be read by others.',
        why: `${path} is open to more than its owner, and so whoever used this computer may have what is in it.`,
        remedy: `chmod 600 '${path}', and think about whether to change what is in it.`,
      });
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** For its owner only, in a folder that is so, too. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, text, 0o600);
}
