import { open, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { errorCode } from './disk.ts';
import { FolderBusy } from './failures.ts';
import { ownFile } from './state.ts';

/** Locks that this very process has, or is trying to have. */
const held = new Set<string>();
/** Milliseconds in which a lock gets its content. */
const writing = 1_000;
/** Milliseconds by which clocks may be off when it is asked what was before the computer's start. */
const doubt = 10_000;

/** Whose a lock is: the process that is named in it, and whether it still runs. */
interface Holder {
  readonly pid: number;
  readonly alive: boolean;
}

/**
 * Keeps other programs from syncing this folder until it is given back. A lock whose program is gone counts for nothing.
 * @throws {FolderBusy}
 */
export async function lockFolder(root: string): Promise<() => Promise<void>> {
  const path = ownFile(root, 'lock');
  const holder = await take(path);
  if (holder !== undefined) throw new FolderBusy(root, holder, path);
  return () => giveBack(path);
}

/** @returns undefined when the lock is had now, else the process that has it */
async function take(path: string): Promise<number | undefined> {
  if (held.has(path)) return process.pid;
  held.add(path);
  try {
    while (!(await created(path))) {
      const holder = await holderOf(path);
      if (holder?.alive) {
        held.delete(path);
        return holder.pid;
      }
      if (holder !== undefined) await removeStale(path);
    }
    return undefined;
  } catch (error) {
    held.delete(path);
    throw error;
  }
}

async function giveBack(path: string): Promise<void> {
  await rm(path, { force: true });
  held.delete(path);
}

/** @returns whether there was none */
async function created(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Of two that find a stale lock, the second must not take away the first one's new one. So it takes a lock on the lock,
 * under which what was found is looked at again; that one may be left stale as well, and is removed in the same way.
 */
async function removeStale(path: string): Promise<void> {
  const guard = `${path}~`;
  if ((await take(guard)) !== undefined) return pause();
  try {
    if ((await holderOf(path))?.alive === false) await rm(path, { force: true });
  } finally {
    await giveBack(guard);
  }
}

/** @returns undefined when the lock is gone */
async function holderOf(path: string): Promise<Holder | undefined> {
  for (;;) {
    const found = await look(path);
    if (found === undefined) return undefined;
    if (found.text !== '' || Date.now() - found.since >= writing) {
      const pid = Number(found.text);
      // A lock with this process's own number is another's that had it before: who asks has none here yet.
      const own = pid === process.pid;
      const older = found.since < Date.now() - uptime() * 1000 - doubt;
      return { pid, alive: pid > 0 && !own && !older && isAlive(pid) };
    }
    await pause();
  }
}

/** Content and age of one and the same file, whatever takes its place meanwhile. */
async function look(path: string): Promise<{ readonly text: string; readonly since: number } | undefined> {
  try {
    const handle = await open(path);
    try {
      return { text: await handle.readFile('utf8'), since: (await handle.stat()).mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
