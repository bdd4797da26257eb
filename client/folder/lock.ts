import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { uptime } from 'node:os';
import { errorCode } from './disk.ts';
import { FolderBusy } from './failures.ts';
import { ownFile } from './state.ts';

/** Locks of this very process. */
const held = new Set<string>();
/** Milliseconds in which a lock gets its content. */
const writing = 1_000;
/** Milliseconds by which clocks may be off when it is asked what was before the computer's start. */
const doubt = 10_000;

/**
 * Keeps other programs from syncing this folder until it is given back. A lock whose program is gone counts for nothing.
 * @throws {FolderBusy}
 */
export async function lockFolder(root: string): Promise<() => Promise<void>> {
  const path = ownFile(root, 'lock');
  for (;;) {
    try {
      const handle = await open(path, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      held.add(path);
      return async () => {
        held.delete(path);
        await rm(path, { force: true });
      };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      await removeStale(root, path);
    }
  }
}

/** @throws {FolderBusy} when it is not stale */
async function removeStale(root: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number(text);
  if (text === '' && Date.now() - found.mtimeMs < writing) return pause();
  const own = pid === process.pid ? held.has(path) : isAlive(pid);
  const older = found.mtimeMs < Date.now() - uptime() * 1000 - doubt;
  if (pid > 0 && own && !older) throw new FolderBusy(root, pid, path);
  // Of two that find a stale lock one takes it away; the other must not take away the first one's new lock.
  const aside = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) === text) await rm(aside);
  else await rename(aside, path);
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
