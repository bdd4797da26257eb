import { open, realpath, stat } from 'node:fs/promises';
import { replaceByStream } from '../folder/disk.ts';

/**
 * Writes a file that a person has named: whole or not at all, through a symbolic link to where it leads; what is no
 * regular file, such as a pipe or /dev/null, is written to as it is.
 * @returns how many bytes
 */
export async function writeOutput(
  path: string,
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  mode = 0o666,
): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile()) {
    return replaceByStream(found === undefined ? path : await realpath(path), content, mode);
  }
  const handle = await open(path, 'w');
  try {
    let bytes = 0;
    for await (const chunk of content) {
      await handle.writeFile(chunk);
      bytes += chunk.length;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
