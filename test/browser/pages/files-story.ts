import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Nightvault } from '../../../client/api/nightvault.ts';
import type { FileDraft } from '../../../client/folder/group-port.ts';
import { fileGroup } from '../../../client/folder/sdk-group.ts';
import { logIn } from './steps.ts';
import type { Visitor } from './visitor.ts';
import { type Somebody, somebody, type World } from './world.ts';

const plan = '# Pier\n\n{"not": "formatted"}\n<b>as it is</b>\n';
const poem = 'Тихо над пирсом.\n'.repeat(20);
const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 254, 253]);
const recording = Buffer.alloc(1_500_000, 'waves');

/** A synced folder's files show by their paths and as what they are, and can be had as they were. */
export async function readFiles(world: World): Promise<void> {
  const jane = somebody('Jane');
  await world.newSession(jane);
  await syncedFolder(world.stack.url, jane);
  const visitor = await world.come();
  const { page } = visitor;
  await page.goto('vault');
  await logIn(visitor, jane);
  await page.getByText('Last: “sounds/waves.raw” by Jane, edited 3 years ago').waitFor();

  await page.getByRole('link', { name: 'Folder' }).click();
  await visitor.heading('Folder').waitFor();
  expect((await page.locator('.rows .name').allInnerTexts()).sort()).toEqual([
    'notes/plan.md',
    'notes/poem.txt',
    'pictures/pier.png',
    'sounds/waves.raw',
  ]);
  expect(await page.locator('.rows .quiet').first().innerText()).toBe('Jane, edited 3 years ago');
  await visitor.look('files');
  await visitor.squeeze('files');

  expect(await textOf(visitor, 'notes/plan.md')).toBe(plan);
  await visitor.look('file-text');
  await visitor.squeeze('file-text');
  expect(await downloaded(visitor)).toEqual({ name: 'plan.md', bytes: Buffer.from(plan) });
  expect(await textOf(visitor, 'notes/poem.txt')).toBe(poem);

  await open(visitor, 'pictures/pier.png');
  await page.getByText('The file is no text.').waitFor();
  await page.getByText('· 8 bytes').waitFor();
  await visitor.look('file-binary');
  expect(await downloaded(visitor)).toEqual({ name: 'pier.png', bytes: picture });

  await open(visitor, 'sounds/waves.raw');
  await page.getByText('It is too large to show here.').waitFor();
  expect(await downloaded(visitor)).toEqual({ name: 'waves.raw', bytes: recording });
  expect(visitor.page.url()).toContain('/vault#/group/');
}

async function syncedFolder(url: string, { email, passphrase }: Somebody): Promise<void> {
  const account = await Nightvault.connect(url).logIn({ email, passphrase });
  const group = await account.groups.create('Folder');
  const edited = Date.now() - 3 * 365.25 * 86_400_000;
  const draft = (id: string, path: string, bytes: Buffer): FileDraft => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { id, path, size: bytes.length, sha256, edited, baseVersion: null, removed: false };
  };
  const whole = (id: string, path: string, content: Buffer) => ({ ...draft(id, path, content), content });
  const blob = await group.blobs.upload(new Uint8Array(recording));
  const folder = fileGroup(account, group);
  await folder.push(
    [
      whole('file_1', 'notes/plan.md', Buffer.from(plan)),
      whole('file_2', 'notes/poem.txt', Buffer.from(poem)),
      whole('file_3', 'pictures/pier.png', picture),
    ],
    {},
  );
  await folder.push([{ ...draft('file_4', 'sounds/waves.raw', recording), blob }], {});
}

/** From the group, or from another of its files. */
async function open(visitor: Visitor, path: string): Promise<void> {
  const back = visitor.page.getByRole('link', { name: '‹ Folder' });
  if (await back.isVisible()) await back.click();
  await visitor.page.getByRole('link', { name: path }).click();
  await visitor.heading(path).waitFor();
}

async function textOf(visitor: Visitor, path: string): Promise<string | null> {
  await open(visitor, path);
  return visitor.page.getByRole('region', { name: 'Content' }).textContent();
}

async function downloaded({ page }: Visitor): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Download / }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}
