import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of a test's own. */
export interface TestFolder {
  readonly root: string;
  write(path: string, content: string | Uint8Array): Promise<void>;
  remove(path: string): Promise<void>;
  /** Every file but the folder's own, by path. */
  files(): Promise<Record<string, string>>;
  drop(): Promise<void>;
}

export async function newFolder(): Promise<TestFolder> {
  const root = await mkdtemp(join(tmpdir(), 'nightvault-folder-'));
  return {
    root,
    async write(path, content) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    remove: (path) => rm(join(root, path)),
    async files() {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      const files: Record<string, string> = {};
      for (const entry of entries) {
        const path = join(entry.parentPath, entry.name).slice(root.length + 1);
        if (entry.isFile() && !path.startsWith('.nightvault/')) {
          files[path] = (await readFile(join(root, path))).toString('latin1');
        }
      }
      return Object.fromEntries(Object.entries(files).sort());
    },
    drop: () => rm(root, { recursive: true, force: true }),
  };
}
