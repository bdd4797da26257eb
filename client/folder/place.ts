import { randomUUID } from 'node:crypto';
import { link, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { byContent } from './by-content.ts';
import { copy, errorCode, flushFolder, hashFile, look, makeWay } from './disk.ts';
import { inParallel } from './in-parallel.ts';
import type { Incoming } from './incoming.ts';
import { conflictPath, foldersOf } from './paths.ts';
import type { Notice } from './plan/types.ts';
import { looksOf } from './scan.ts';
import {
  type FolderState,
  folderState,
  ownFile,
  readOwn,
  readState,
  type Seen,
  writeOwn,
  writeState,
} from './state.ts';

const mark = { path: z.string(), sha256: z.string(), size: z.int() };

/**
 * Everything that is about to be done to a folder, and what will be true afterwards. It is on the disk before the first
 * file is touched: a program that dies on the way does the rest, before it looks at anything, when it is started again.
 */
export const placing = z.object({
  v: z.literal(1),
  respellings: z.array(z.object({ from: z.string(), to: z.string() })),
  writes: z.array(z.object({ ...mark, expected: z.string().nullable() })),
  removals: z.array(z.object(mark)),
  before: folderState,
  after: folderState,
});
export type Placing = z.infer<typeof placing>;

const name = 'placing.json';
const placedAtOnce = 16;

/** Does it. @returns what is to be told, and the state that is true now @throws the signal's reason; then `resume` does the rest */
export async function place(root: string, incoming: Incoming, wanted: Placing, signal?: AbortSignal) {
  await writeOwn(root, name, wanted);
  return finish(root, incoming, wanted, signal);
}

/** Does what an earlier run has left, if it has. */
export async function resume(root: string, open: (from: string | null) => Promise<Incoming>, signal?: AbortSignal) {
  const left = await readOwn(root, name, placing);
  if (left === undefined) return undefined;
  const state = await readState(root);
  if (state.placed !== left.after.placed) return finish(root, await open(left.before.cursor), left, signal);
  await rm(ownFile(root, name));
  return { state, notices: [], failed: new Map<string, string>() };
}

async function finish(root: string, incoming: Incoming, wanted: Placing, signal: AbortSignal | undefined) {
  const { before, after, respellings, removals, writes } = wanted;
  const notices: Notice[] = [];
  const seen: Record<string, Seen> = { ...after.seen };
  const failed = new Map<string, string>();
  const touched = new Set<string>();
  const uses = byContent(writes);
  for (const { from, to } of respellings) {
    if ((await look(join(root, from))) === undefined) continue;
    await makeWay(root, to);
    await rename(join(root, from), join(root, to));
    delete seen[from];
  }
  for (const { path, sha256 } of removals) {
    signal?.throwIfAborted();
    const known = seen[path];
    delete seen[path];
    if ((await contentOf(root, path, known)) !== sha256) continue;
    await rm(join(root, path));
    touched.add(dirname(path));
    await removeEmptied(root, path);
  }
  await inParallel(writes, placedAtOnce, async (write) => {
    signal?.throwIfAborted();
    try {
      const notice = await writeOne(root, incoming, write, seen[write.path], (uses.get(write.sha256)?.length ?? 0) > 1);
      if (notice !== undefined) notices.push(notice);
      touched.add(dirname(write.path));
      const now = await look(join(root, write.path));
      if (now !== undefined) {
        seen[write.path] = { sha256: write.sha256, size: write.size, looks: looksOf(now), at: Date.now() };
      }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      failed.set(write.path, detail);
      notices.push({ kind: 'refused', path: write.path, detail: `it cannot be written: ${detail}` });
    }
  });
  for (const folder of touched) await flushFolder(join(root, folder));
  const state = withoutFailed({ ...after, seen }, before, failed);
  await writeState(root, state);
  await rm(ownFile(root, name));
  await incoming.clear(state.cursor);
  return { state, notices, failed };
}

/** What could not be written is not agreed on: it is as it was before, and tried again the next time. */
function withoutFailed(after: FolderState, before: FolderState, failed: ReadonlyMap<string, string>): FolderState {
  if (failed.size === 0) return after;
  const lost = after.base.filter(({ path }) => failed.has(path));
  const ids = new Set(lost.map(({ id }) => id));
  return {
    ...after,
    base: [...after.base.filter(({ id }) => !ids.has(id)), ...before.base.filter(({ id }) => ids.has(id))],
    refused: [...after.refused, ...lost.map((file) => ({ ...file, state: 'file' as const }))],
    intents: after.intents.filter(({ id }) => !ids.has(id)),
  };
}

/** The hash of what stands there; null when nothing does, undefined when it is no file. */
async function contentOf(root: string, path: string, known: Seen | undefined): Promise<string | null | undefined> {
  const found = await look(join(root, path));
  if (found === undefined) return null;
  if (!found.isFile()) return undefined;
  return known !== undefined && known.looks === looksOf(found)
    ? known.sha256
    : (await hashFile(join(root, path))).sha256;
}

async function writeOne(
  root: string,
  incoming: Incoming,
  { path, sha256, expected }: Placing['writes'][number],
  known: Seen | undefined,
  shared: boolean,
): Promise<Notice | undefined> {
  const full = join(root, path);
  const there = await contentOf(root, path, known);
  if (there === sha256) return undefined;
  if (there === undefined) throw new Error('something that is no file stands there');
  await makeWay(root, path);
  const content = incoming.pathOf(sha256);
  const source = shared ? ownFile(root, `incoming/${randomUUID()}.part`) : content;
  if (shared) await copy(content, source);
  try {
    if (there !== null && there === expected) {
      await rename(source, full);
      return undefined;
    }
    // Somebody has written there since we looked.
    const notice = there === null ? undefined : await setAside(root, path, there);
    await linkNew(source, full);
    return notice;
  } finally {
    if (shared) await rm(source, { force: true });
  }
}

/** Puts a file where nothing is: what has come there meanwhile is not overwritten. */
async function linkNew(source: string, full: string): Promise<void> {
  try {
    await link(source, full);
    await rm(source);
  } catch (error) {
    // Some file systems have no links.
    const code = errorCode(error);
    if (code === 'EEXIST' || code === 'ENOENT' || (await look(full)) !== undefined) throw error;
    await rename(source, full);
  }
}

async function setAside(root: string, path: string, sha256: string): Promise<Notice> {
  const found = await look(join(root, path));
  const losing = { sha256, edited: Math.max(0, Math.trunc(Number(found?.mtimeMs ?? 0))) };
  for (let turn = 0; ; turn++) {
    const aside = conflictPath(path, losing, turn);
    if ((await look(join(root, aside))) !== undefined) continue;
    await rename(join(root, path), join(root, aside));
    return { kind: 'conflict', path, detail: `it was edited here during the sync; what was here is in ${aside}` };
  }
}

/** The folders that a removal has left empty go, too. */
async function removeEmptied(root: string, path: string): Promise<void> {
  for (const folder of foldersOf(path).reverse()) {
    try {
      await rmdir(join(root, folder));
    } catch {
      return;
    }
  }
}
