import { open, readFile, rm } from 'node:fs/promises';
import { errorCode } from './disk.ts';
import { FolderBusy } from './failures.ts';
import { ownFile } from './state.ts';

/** Locks of this very process. */
const held = new Set<string>();

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
      const pid = Number(await readFile(path, 'utf8').catch(() => '0'));
      if (pid > 0 && pid !== process.pid && isAlive(pid)) throw new FolderBusy(root, pid);
      if (pid === process.pid && held.has(path)) throw new FolderBusy(root, pid);
      await rm(path, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
