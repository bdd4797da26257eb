import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newTerminal, type Terminal } from '../../support/command.ts';
import { newFolder, type TestFolder } from '../../support/folders.ts';
import { enter, jane } from '../../support/sdk.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let terminal: Terminal;
let here: TestFolder;
let there: TestFolder;
beforeAll(async () => {
  stack = await startTestStack();
  terminal = await newTerminal({ NIGHTVAULT_SERVER: stack.url, NIGHTVAULT_PASSPHRASE: jane.passphrase });
  [here, there] = await Promise.all([newFolder(), newFolder()]);
  await enter(stack, jane);
});
afterAll(async () => {
  await Promise.all([terminal.drop(), here.drop(), there.drop()]);
  await stack.stop();
});

/** As soon as it is so. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 50));
}

it('a folder that is watched sends what is written, takes what others write, and stops when it is told to', async () => {
  await terminal(`login --email ${jane.email}`);
  await terminal(`create Watched --folder ${here.root}`);
  await terminal(`pull ${there.root} --group Watched`);
  const stop = new AbortController();
  const watching = terminal(`sync ${here.root} --watch --every 1`, { signal: stop.signal });

  await here.write('mine.txt', 'written here');
  await until(async () => {
    await terminal(`pull ${there.root}`);
    return (await readFile(join(there.root, 'mine.txt'), 'utf8')) === 'written here';
  });
  await writeFile(join(there.root, 'theirs.txt'), 'written there');
  await terminal(`push ${there.root}`);
  await until(async () => (await readFile(join(here.root, 'theirs.txt'), 'utf8')) === 'written there');

  stop.abort(new DOMException('Interrupted.', 'AbortError'));
  const { code, out, err } = await watching;
  expect({ code, err: err.split('\n')[0] }).toEqual({ code: 130, err: 'nightvault: Interrupted.' });
  expect(out).toContain('1 change sent.');
  expect(out).toContain('1 file written.');
  expect(await here.files()).toEqual(await there.files());
});
