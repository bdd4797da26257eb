import { relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { readIgnoring } from './ignoring.ts';

/** Milliseconds of quiet after a change before it is synced: programs write files in several steps. */
const quiet = 300;

export interface WatchOptions {
  /** Milliseconds after which others' changes are looked for, although nothing has changed here. */
  readonly every: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a sync at once, whenever files of a folder have changed, and every so often; one after the other, until the
 * signal.
 * @param run says whether it went well: after a failure the next is tried later
 */
export async function watchFolder(
  root: string,
  { every, signal }: WatchOptions,
  run: () => Promise<boolean>,
): Promise<void> {
  const ignores = await readIgnoring(root);
  const ignored = (path: string) => {
    const inside = relative(root, path).split(sep).join('/');
    return inside !== '' && (ignores(inside) || ignores(`${inside}/`));
  };
  const watcher = watch(root, { ignored, ignoreInitial: true, followSymlinks: false });
  let wake = () => {};
  let changed = false;
  watcher.on('all', () => {
    changed = true;
    wake();
  });
  const stop = () => wake();
  signal.addEventListener('abort', stop, { once: true });
  const sleep = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  try {
    while (!signal.aborted) {
      changed = false;
      const well = await run();
      if (!signal.aborted && (!changed || !well)) await sleep(every);
      while (changed && !signal.aborted) {
        changed = false;
        await sleep(quiet);
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await watcher.close();
  }
  signal.throwIfAborted();
}
