import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { scan } from '../../../../client/folder/scan.ts';
import { newFolder, type TestFolder } from '../../../support/folders.ts';

let folder: TestFolder;
beforeEach(async () => {
  folder = await newFolder();
  await chmod(folder.root, 0o777);
});
afterEach(() => folder.drop());

/** Who may read everything is somebody else for a while. */
async function asAnybody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

const look = (known = {}, tracked = new Set<string>(), signal?: AbortSignal) =>
  asAnybody(() => scan(folder.root, known, { ignores: () => false, tracked, signal }));

describe('a file that cannot be read', () => {
  it('is told of, and does not keep others from being synced', async () => {
    await folder.write('open', 'a');
    await folder.write('shut', 'b');
    await chmod(join(folder.root, 'shut'), 0);
    const { files, notices } = await look();
    expect(files.map(({ path }) => path)).toEqual(['open']);
    expect(notices).toEqual([{ kind: 'not-synced', path: 'shut', detail: 'it cannot be read (EACCES)' }]);
  });

  it('does not seem to be gone where it is synced: it is as it was, as far as is known', async () => {
    await folder.write('shut', 'b');
    const { seen } = await look();
    await folder.write('shut', 'changed');
    await chmod(join(folder.root, 'shut'), 0);
    const tracked = new Set(['shut']);
    expect((await look(seen, tracked)).files).toMatchObject([{ path: 'shut', sha256: seen.shut?.sha256 }]);
    await expect(look({}, tracked)).rejects.toMatchObject({ code: 'EACCES' });
  });
});

it('stops at a signal', async () => {
  await folder.write('a', 'a');
  await expect(look({}, new Set(), AbortSignal.abort(new Error('Enough.')))).rejects.toThrow('Enough.');
});
