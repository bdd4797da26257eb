import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { constants, homedir, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { answers } from './answers.ts';
import type { Child } from './child.ts';

/**
 * A Java class-data archive halves an emulator's start. It fits one Java and one jar, so its name is made of both; Java
 * ignores one that does not fit. It is trained by a second copy of the emulator, at the lowest priority, after ours is
 * up; a run that ends sooner takes the copy along, and nothing else in the run waits for it or notices its failure.
 */
export function archiveFile(java: string, jar: string): string {
  const key = [java, jar].map((file) => {
    const { mtimeMs, size } = statSync(file);
    return `${realpathSync(file)} ${mtimeMs} ${size}`;
  });
  const digest = createHash('sha256').update(key.join('\n')).digest('hex').slice(0, 16);
  return join(cacheFolder(), `emulator-${digest}.jsa`);
}

function cacheFolder(): string {
  const base =
    process.platform === 'darwin'
      ? join(homedir(), 'Library/Caches')
      : process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'nightvault');
}

type StartCopy = (options: readonly string[]) => Promise<{ readonly child: Child; readonly host: string }>;

interface Training {
  /** Ends it, finished or not. */
  abandon(): Promise<void>;
}

/** How Java ends, its archive written, on SIGTERM. */
const written = 'exit code 143';

/** Makes the archive in the background if there is none. */
export function trainArchive(archive: string, startCopy: StartCopy): Training {
  if (existsSync(archive)) return { abandon: async () => {} };
  const draft = `${archive}.${process.pid}`;
  let copy: Child | undefined;
  const train = async () => {
    mkdirSync(dirname(archive), { recursive: true });
    const { child, host } = await startCopy([`-XX:ArchiveClassesAtExit=${draft}`]);
    copy = child;
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    await answers(child, host, 60);
    child.signal('SIGTERM');
    if ((await child.ended) === written) renameSync(draft, archive);
  };
  const done = train()
    .catch(() => copy?.stop())
    .finally(() => rmSync(draft, { force: true }));
  return {
    abandon: async () => {
      copy?.signal('SIGKILL');
      await done;
    },
  };
}
