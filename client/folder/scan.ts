import type { BigIntStats, Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, hashFile, look } from './disk.ts';
import type { Ignores } from './ignoring.ts';
import { inParallel } from './in-parallel.ts';
import { collisionKey, pathFault } from './paths.ts';
import type { LocalFile, Notice } from './plan/types.ts';
import type { Seen } from './state.ts';

/** How long after a change a file may change again without looking different: the coarsest clock of a file system. */
const clockStep = 2_000;
const hashedAtOnce = 8;
/** Who may not read it, or a program or the disk keeps it. */
const unreadable = new Set(['EACCES', 'EPERM', 'EBUSY', 'EIO']);

export interface Scan {
  readonly files: LocalFile[];
  readonly seen: Record<string, Seen>;
  /** What is in the folder and cannot be synced. */
  readonly notices: Notice[];
}

export interface Looking {
  readonly ignores: Ignores;
  /** Paths that are synced already, and so whether they are ignored or not. */
  readonly tracked: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

/** Everything by which a change shows without reading the content. */
export const looksOf = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string => `${size} ${mtimeNs} ${ctimeNs} ${ino}`;

/**
 * Looks at every file of a folder, and reads those that do not look as they did. Symbolic links are not followed.
 * @param known what files looked like the last time
 */
export async function scan(
  root: string,
  known: Readonly<Record<string, Seen>>,
  { ignores, tracked, signal }: Looking,
): Promise<Scan> {
  const notices: Notice[] = [];
  const notSynced = (path: string, detail: string) => void notices.push({ kind: 'not-synced', path, detail });
  const found = await walk(root, { ignores, tracked, signal }, notSynced);
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
    const file = await read(root, path, known[path], signal).catch((error: unknown) => {
      const code = errorCode(error) ?? '';
      const before = known[path];
      // What is synced must not seem to be gone: as far as is known, it is as it was.
      if (!unreadable.has(code) || (tracked.has(path) && before === undefined)) throw error;
      notSynced(path, `it cannot be read (${code})`);
      return before && { seen: before, edited: 0 };
    });
    if (file === undefined) return;
    seen[path] = file.seen;
    files.push({ path, sha256: file.seen.sha256, size: file.seen.size, edited: file.edited });
  });
  return { files, seen, notices };
}

/** @returns undefined when it went, or became something else, meanwhile */
async function read(root: string, path: string, known: Seen | undefined, signal?: AbortSignal) {
  const full = join(root, path);
  const before = await look(full);
  if (before === undefined || !before.isFile()) return undefined;
  const edited = Math.max(0, Math.trunc(Number(before.mtimeMs)));
  if (known !== undefined && known.looks === looksOf(before) && isOld(before, known.at)) return { seen: known, edited };
  const at = Date.now();
  const { sha256, size } = await hashFile(full, signal);
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
  { ignores, tracked, signal }: Looking,
  notSynced: (path: string, detail: string) => void,
): Promise<string[]> {
  const found = new Set<string>();
  async function below(folder: string): Promise<void> {
    signal?.throwIfAborted();
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
