import type { BigIntStats, Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile, look } from './disk.ts';
import type { Ignores } from './ignoring.ts';
import { inParallel } from './in-parallel.ts';
import { collisionKey, pathFault } from './paths.ts';
import type { LocalFile, Notice } from './plan/types.ts';
import type { Seen } from './state.ts';

/** How long after a change a file may change again without looking different: the coarsest clock of a file system. */
const clockStep = 2_000;
const hashedAtOnce = 8;

export interface Scan {
  readonly files: LocalFile[];
  readonly seen: Record<string, Seen>;
  /** What is in the folder and cannot be synced. */
  readonly notices: Notice[];
}

/** Everything by which a change shows without reading the content. */
export const looksOf = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string => `${size} ${mtimeNs} ${ctimeNs} ${ino}`;

/**
 * Looks at every file of a folder, and reads those that do not look as they did. Symbolic links are not followed.
 * @param known what files looked like the last time
 * @param tracked paths that are synced already, and so whether they are ignored or not
 */
export async function scan(
  root: string,
  known: Readonly<Record<string, Seen>>,
  { ignores, tracked, signal }: { ignores: Ignores; tracked: ReadonlySet<string>; signal?: AbortSignal | undefined },
): Promise<Scan> {
  const notices: Notice[] = [];
  const notSynced = (path: string, detail: string) => void notices.push({ kind: 'not-synced', path, detail });
  const found = await walk(root, ignores, tracked, notSynced);
  const files: LocalFile[] = [];
  const seen: Record<string, Seen> = {};
  const spellings = new Set<string>();
  const usable = found
    .sort((one, other) => Number(tracked.has(other)) - Number(tracked.has(one)))
    .filter((path) => {
      const fault = pathFault(path);
      const twin = spellings.size === spellings.add(collisionKey(path)).size;
      if (fault !== undefined) notSynced(path, `its name cannot be had on every system: ${fault}`);
      else if (twin) notSynced(path, 'another file has the same name but for capital letters');
      return fault === undefined && !twin;
    });
  await inParallel(usable, hashedAtOnce, async (path) => {
    signal?.throwIfAborted();
    const file = await read(root, path, known[path]);
    if (file === undefined) return;
    seen[path] = file.seen;
    files.push({ path, sha256: file.seen.sha256, size: file.seen.size, edited: file.edited });
  });
  return { files, seen, notices };
}

/** @returns undefined when it went, or became something else, meanwhile */
export async function read(root: string, path: string, known: Seen | undefined) {
  const full = join(root, path);
  const before = await look(full);
  if (before === undefined || !before.isFile()) return undefined;
  const edited = Math.max(0, Math.trunc(Number(before.mtimeMs)));
  if (known !== undefined && known.looks === looksOf(before) && isOld(before, known.at)) return { seen: known, edited };
  const at = Date.now();
  const { sha256, size } = await hashFile(full);
  const after = await look(full);
  // Who writes while we read is read again the next time.
  const looks = after !== undefined && looksOf(after) === looksOf(before) ? looksOf(before) : '';
  return { seen: { sha256, size, looks, at }, edited };
}

/** Whether a later change would surely show. */
const isOld = ({ mtimeMs, ctimeMs }: BigIntStats, at: number): boolean =>
  Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs) < at - clockStep;

async function walk(
  root: string,
  ignores: Ignores,
  tracked: ReadonlySet<string>,
  notSynced: (path: string, detail: string) => void,
): Promise<string[]> {
  const found = new Set<string>();
  async function below(folder: string): Promise<void> {
    const entries: Dirent[] = await readdir(join(root, folder), { withFileTypes: true });
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (ignores(entry.isDirectory() ? `${path}/` : path)) continue;
      if (entry.isDirectory()) await below(path);
      else if (entry.isFile()) found.add(path);
      else notSynced(path, entry.isSymbolicLink() ? 'it is a symbolic link' : 'it is no ordinary file');
    }
  }
  await below('');
  for (const path of tracked) {
    if (!found.has(path) && ignores(path) && (await look(join(root, path)))?.isFile() === true) found.add(path);
  }
  return [...found];
}
