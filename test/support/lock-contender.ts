import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderBusy } from '../../client/folder/failures.ts';

/**
 * A program of its own that takes a folder's lock again and again and leaves it each time as one does that is killed.
 * It ends with an error when another is inside with it.
 */
const [root = '', times = ''] = process.argv.slice(2);
const inside = join(root, 'inside');
let alone = 0;
while (alone < Number(times)) {
  try {
    await lockOnce();
    alone += 1;
  } catch (error) {
    if (!(error instanceof FolderBusy)) throw error;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
process.stdout.write(`${alone} alone\n`);

async function lockOnce(): Promise<void> {
  // A module of its own each time knows nothing of the locks that were left.
  const { lockFolder }: typeof import('../../client/folder/lock.ts') = await import(
    `../../client/folder/lock.ts?${alone}`
  );
  await lockFolder(root);
  await writeFile(inside, '', { flag: 'wx' });
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
  await rm(inside);
  await writeFile(join(root, '.nightvault/lock'), '999999999');
}
