import { createHash, randomUUID } from 'node:crypto';
import { type BigIntStats, createReadStream } from 'node:fs';
import { constants, copyFile, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { types } from 'node:util';
import { foldersOf } from './paths.ts';

/** Of an error of Node's own, whose class is not always that of this module's realm. */
export const errorCode = (error: unknown): string | undefined =>
  types.isNativeError(error) && 'code' in error ? String(error.code) : undefined;

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** @returns the content's SHA-256, in hex, and its bytes, read as a stream */
export async function hashFile(path: string, signal?: AbortSignal): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(path, signal && { signal })) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha256: hash.digest('hex'), size };
}

/** @returns undefined when nothing is there. A symbolic link is itself, not what it leads to */
export const look = (path: string): Promise<BigIntStats | undefined> =>
  lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });

/** The file is on the disk, not only in the system's memory. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The names in a folder are on the disk. Not every system has a way to say so. */
export async function flushFolder(path: string): Promise<void> {
  await flush(path).catch(() => {});
}

/** Removes what `replaceFile` has left in a folder of ours when its program was killed. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => /\.[0-9a-f]{8}\.tmp$/.test(each)))
    await rm(join(folder, name), { force: true });
}

/** Replaces a file: whoever reads it, whenever the program dies, finds the old content or the new one, whole. */
export async function replaceFile(path: string, content: string | Uint8Array, mode = 0o666): Promise<void> {
  await replaceByStream(path, [typeof content === 'string' ? Buffer.from(content) : content], mode);
}

/** The same, never all of it in memory. @returns how many bytes it has */
export async function replaceByStream(
  path: string,
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  mode: number,
): Promise<number> {
  let bytes = 0;
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      for await (const chunk of content) {
        bytes += chunk.length;
        await handle.writeFile(chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushFolder(dirname(path));
  return bytes;
}

/** A copy of its own; where the file system can, without reading the bytes. */
export async function copy(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await flush(to);
}

/**
 * Why nothing may be written at a path of a folder: something on the way there is no real folder.
 * @returns undefined when all is well
 */
export async function wayFault(root: string, path: string): Promise<string | undefined> {
  for (const folder of foldersOf(path)) {
    const found = await look(join(root, folder));
    if (found === undefined) return undefined;
    if (found.isSymbolicLink()) return `${folder} is a symbolic link here: nothing is written through it`;
    if (!found.isDirectory()) return `${folder} is no folder here`;
  }
  return undefined;
}

/** Makes a folder, and those above it. Node's own way never ends where a file system has no room for folders, as /proc. */
export async function makeFolder(path: string): Promise<void> {
  const isThere = async () => (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (await isThere()) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path).catch(async (error) => {
    if (!(await isThere())) throw error;
  });
}

/** Makes the folders of a path, after making sure that the way leads through real folders only. */
export async function makeWay(root: string, path: string): Promise<void> {
  const fault = await wayFault(root, path);
  if (fault !== undefined) throw new Error(fault);
  await mkdir(dirname(join(root, path)), { recursive: true });
}
