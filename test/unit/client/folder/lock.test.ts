import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { lockFolder } from '../../../../client/folder/lock.ts';
import { newFolder, type TestFolder } from '../../../support/folders.ts';

let folder: TestFolder;
let lock: string;
beforeEach(async () => {
  folder = await newFolder();
  lock = join(folder.root, '.nightvault/lock');
  await mkdir(join(folder.root, '.nightvault'));
});
afterEach(() => folder.drop());

const contender = join(import.meta.dirname, '../../../support/lock-contender.ts');

/** Surely no process: larger than any system counts to. */
const nobody = '999999999';

it('keeps others out until it is given back', async () => {
  const release = await lockFolder(folder.root);
  expect(await readFile(lock, 'utf8')).toBe(String(process.pid));
  await expect(lockFolder(folder.root)).rejects.toMatchObject({
    code: 'FOLDER_BUSY',
    message: `${folder.root} is being synced by another program: process ${process.pid}, says ${lock}.`,
  });
  await release();
  await (await lockFolder(folder.root))();
  expect(await readdir(join(folder.root, '.nightvault'))).toEqual([]);
});

it.each([
  ['whose process is gone', nobody, 0],
  ['of a process of this number that was another', String(process.pid), 0],
  ['from before the computer was started, though the number is in use again', '1', Date.UTC(2000, 0)],
  ['that was never written', '', Date.UTC(2000, 0)],
])('takes the place of a lock %s', async (_what, content, at) => {
  await writeFile(lock, content);
  if (at > 0) await utimes(lock, at / 1000, at / 1000);
  const release = await lockFolder(folder.root);
  expect(await readFile(lock, 'utf8')).toBe(String(process.pid));
  await release();
  expect(await readdir(join(folder.root, '.nightvault'))).toEqual([]);
});

it('is had by one of many that find a lock nobody holds', async () => {
  await writeFile(lock, nobody);
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder.root)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('is had by one program at a time, though each leaves it stale', async () => {
  const programs = Array.from({ length: 8 }, async () => {
    const program = spawn(process.execPath, [contender, folder.root, '20'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [printed, [status]] = await Promise.all([text(program.stdout), once(program, 'exit')]);
    expect(status).toBe(0);
    return printed;
  });
  expect((await Promise.all(programs)).join('')).toBe('20 alone\n'.repeat(8));
});
