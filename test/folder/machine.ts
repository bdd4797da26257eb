import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../client/command/main.ts', import.meta.url));

/** How a command ended: its exit code, or null when it was killed. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A computer of Jane's: a home for the session, and a folder. Commands run in processes of their own. */
export interface Machine {
  readonly folder: string;
  /** @param killAfter milliseconds after which the process is killed, if it still runs */
  command(args: readonly string[], killAfter?: number): Promise<Ended>;
  write(path: string, content: Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
  read(path: string): Promise<Buffer>;
  /** Every file's hash by its path, the folder's own left out. */
  hashes(): Promise<Map<string, string>>;
  drop(): Promise<void>;
}

export async function newMachine(env: NodeJS.ProcessEnv): Promise<Machine> {
  const root = await mkdtemp(join(tmpdir(), 'nightvault-machine-'));
  const folder = join(root, 'folder');
  await mkdir(folder);
  const own = { NIGHTVAULT_HOME: join(root, 'home'), NODE_OPTIONS: '', NO_COLOR: '1' };
  return {
    folder,
    command: (args, killAfter) => execute(args, { ...process.env, ...own, ...env }, folder, killAfter),
    write: async (path, content) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    },
    remove: (path) => rm(join(folder, path)),
    read: (path) => readFile(join(folder, path)),
    hashes: () => hashes(folder),
    drop: () => rm(root, { recursive: true, force: true }),
  };
}

function execute(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
  killAfter: number | undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output, errors });
    });
  });
}

async function hashes(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const inside = path.slice(folder.length + 1);
    if (!entry.isFile() || inside.startsWith('.nightvault/')) continue;
    found.set(
      inside,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
  }
  return found;
}
