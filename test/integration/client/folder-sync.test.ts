import { randomBytes } from 'node:crypto';
import { appendFile, lstat, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 as sha256Of } from '../../../client/folder/disk.ts';
import type { FileGroup } from '../../../client/folder/group-port.ts';
import { fileGroup } from '../../../client/folder/sdk-group.ts';
import { type SyncReport, sync } from '../../../client/folder/sync.ts';
import { type Account, BlobTooLarge, type Group, SourceChanged } from '../../../client/index.ts';
import { newFolder, type TestFolder } from '../../support/folders.ts';
import { bob, enter, jane } from '../../support/sdk.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
let janes: Account;
let bobs: Account;
let group: Group;
let folders: TestFolder[];
let here: TestFolder;
let there: TestFolder;

beforeAll(async () => {
  stack = await startTestStack();
  [janes, bobs] = await Promise.all([enter(stack, jane), enter(stack, bob)]);
});
afterAll(() => stack.stop());

beforeEach(async () => {
  group = await janes.groups.create('Specs');
  folders = await Promise.all([newFolder(), newFolder()]);
  [here, there] = folders as [TestFolder, TestFolder];
});
afterEach(async () => {
  await Promise.all(folders.map((folder) => folder.drop()));
});

const run = (folder: TestFolder, files: FileGroup = fileGroup(janes, group)) => sync(folder.root, files);
const said = ({ notices }: SyncReport) => notices.map(({ kind, path }) => `${kind} ${path}`);

/** The functions that were called while something happened. */
async function calls(work: () => Promise<unknown>): Promise<string[]> {
  const before = stack.logs.length;
  await work();
  const answered = stack.logs.slice(before).filter(({ durationMs, method }) => durationMs !== undefined && method);
  return answered.map(({ function: name }) => String(name));
}

/** Pushes a file's resource as another program would. */
const pushRaw = (path: string, content: string, sha256 = sha256Of(Buffer.from(content))) =>
  group.changes.push([
    {
      id: `file_${randomBytes(16).toString('hex')}`,
      type: 'File',
      name: '',
      baseVersion: null,
      lastEdited: 1,
      content: JSON.stringify({ format: 'nightvault-file-1', path, size: content.length, sha256, text: content }),
    },
  ]);

describe('two folders of one group', () => {
  it('come to hold the same files byte for byte, text or not, small or large', async () => {
    const binary = randomBytes(5_000);
    const large = randomBytes(700_000);
    await here.write('specs/openapi.yaml', 'openapi: 3.1.0 # Ümläut ☃\r\n');
    await here.write('empty', '');
    await here.write('bin/data.bin', binary);
    await here.write('large.bin', large);
    await here.write('.nightvaultignore', '*.log\n');
    await here.write('debug.log', 'not for others');
    expect(await run(here)).toMatchObject({ sent: 5, written: 0, notices: [] });
    expect(await run(there)).toMatchObject({ sent: 0, written: 5, notices: [] });
    const { 'debug.log': _log, ...synced } = await here.files();
    expect(await there.files()).toEqual(synced);
    expect(Buffer.from((await there.files())['large.bin'] ?? '', 'latin1').equals(large)).toBe(true);
  });

  it('take one call when nothing has changed', async () => {
    await here.write('a', '1');
    await here.write('b/c', '2');
    await run(here);
    await run(there);
    for (const folder of folders) expect(await calls(() => run(folder))).toEqual(['sync-check']);
  });

  it('send only what has changed, and nothing but the name of what was renamed', async () => {
    await here.write('a', '1');
    await here.write('large.bin', randomBytes(600_000));
    await run(here);
    await run(there);
    await rename(join(here.root, 'large.bin'), join(here.root, 'renamed.bin'));
    expect((await calls(() => run(here))).filter((name) => name.startsWith('blob-'))).toEqual([]);
    expect((await calls(() => run(there))).filter((name) => name.startsWith('blob-'))).toEqual([]);
    expect(await there.files()).toEqual(await here.files());
    expect(Object.keys(await there.files())).toEqual(['a', 'renamed.bin']);
  });

  it('follow edits, removals and whole folders that go', async () => {
    for (const path of ['a', 'dir/sub/b', 'dir/c']) await here.write(path, path);
    await run(here);
    await run(there);
    await there.remove('dir/sub/b');
    await there.remove('dir/c');
    await there.write('a', 'edited');
    expect(await run(there)).toMatchObject({ sent: 3 });
    expect(await run(here)).toMatchObject({ written: 1, removed: 2 });
    expect(await here.files()).toEqual({ a: 'edited' });
    await expect(lstat(join(here.root, 'dir'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('keep both versions of a conflict, and say so', async () => {
    await here.write('notes.md', 'first');
    await run(here);
    await run(there);
    await here.write('notes.md', 'here');
    await there.write('notes.md', 'there');
    await run(here);
    const report = await run(there);
    expect(said(report)).toEqual(['conflict notes.md']);
    await run(here);
    const files = await there.files();
    expect(files['notes.md']).toBe('here');
    expect(Object.keys(files)[0]).toMatch(/^notes \(conflict \d{4}-\d\d-\d\d [0-9a-f]{8}\)\.md$/);
    expect(Object.values(files).sort()).toEqual(['here', 'there']);
    expect(await here.files()).toEqual(files);
  });

  it('keep what was edited against what was removed, on either side', async () => {
    for (const path of ['a', 'b']) await here.write(path, 'old');
    await run(here);
    await run(there);
    await here.write('a', 'new a');
    await here.remove('b');
    await there.remove('a');
    await there.write('b', 'new b');
    await run(here);
    expect(said(await run(there)).sort()).toEqual(['kept a', 'kept b'].sort());
    await run(here);
    expect(await here.files()).toEqual({ a: 'new a', b: 'new b' });
    expect(await there.files()).toEqual({ a: 'new a', b: 'new b' });
  });

  it('let a reader take, and tell it what is not sent', async () => {
    await here.write('a', '1');
    await run(here);
    await group.share(bob.email, 'viewer');
    const reading = fileGroup(bobs, await bobs.groups.open(group.id));
    await there.write('mine', 'x');
    const report = await run(there, reading);
    expect(report).toMatchObject({ written: 1, sent: 0 });
    expect(said(report)).toEqual(['not-synced mine']);
    expect(await there.files()).toEqual({ a: '1', mine: 'x' });
  });

  it('know each other again after a key was rotated', async () => {
    await here.write('a', '1');
    await here.write('large.bin', randomBytes(600_000));
    await run(here);
    await group.rotateKey();
    await here.write('b', '2');
    await run(here);
    await run(there);
    expect(await there.files()).toEqual(await here.files());
  });
});

describe('what a group may not do to a folder', () => {
  it('writes nothing outside of it, nor under names that are not names everywhere', async () => {
    const names = ['../escape', '/tmp/nightvault-escape', 'a/../../escape', 'COM1', '.nightvault/state.json'];
    for (const name of names) await pushRaw(name, 'x');
    expect(said(await run(here)).sort()).toEqual(names.map((name) => `refused ${name}`).sort());
    expect(await here.files()).toEqual({});
    await expect(lstat(join(here.root, '..', 'escape'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await calls(() => run(here))).toEqual(['sync-check']);
  });

  it('does not write through a symbolic link, nor over what is not synced', async () => {
    await symlink(there.root, join(here.root, 'link'));
    await here.write('.nightvaultignore', 'secret.env\n');
    await here.write('secret.env', 'mine');
    await there.write('link/inside', 'x');
    await there.write('secret.env', 'theirs');
    await run(there);
    const report = await run(here);
    expect(said(report)).toEqual(
      expect.arrayContaining(['refused link/inside', 'refused secret.env', 'not-synced link']),
    );
    expect((await readFile(join(here.root, 'secret.env'))).toString()).toBe('mine');
    await expect(lstat(join(there.root, 'inside'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('leaves what stands when a content is not what it says', async () => {
    await pushRaw('a', 'x', '0'.repeat(64));
    const report = await run(here);
    expect(report.notices).toEqual([
      { kind: 'refused', path: expect.stringMatching(/^file_/), detail: 'its content is not what its own hash says' },
    ]);
    expect(await here.files()).toEqual({});
  });

  it('takes what was refused as soon as nothing stands in its way', async () => {
    await there.write('dir/a', 'content');
    await run(there);
    await symlink(there.root, join(here.root, 'dir'));
    expect(said(await run(here))).toContain('refused dir/a');
    await here.remove('dir');
    expect(await run(here)).toMatchObject({ written: 1 });
    expect(await here.files()).toEqual({ 'dir/a': 'content' });
  });
});

describe('what a folder holds besides', () => {
  it('tells of files that cannot be synced, and sends the others', async () => {
    await here.write('ok', '1');
    await here.write('README', '2');
    await here.write('readme', '3');
    await here.write('aux', '4');
    await symlink('ok', join(here.root, 'link'));
    const report = await run(here);
    expect(report).toMatchObject({ sent: 2 });
    expect(said(report).sort()).toEqual([
      'not-synced aux',
      'not-synced link',
      expect.stringMatching(/^not-synced (README|readme)$/),
    ]);
    expect(said(await run(here))).toEqual(said(report));
  });

  it('sends the others where one is too large, or changes while it is sent', async () => {
    await here.write('small', '1');
    await here.write('large.bin', randomBytes(300_000));
    const files = fileGroup(janes, group);
    const failing = (error: Error): FileGroup => ({ ...files, upload: () => Promise.reject(error) });
    const large = await run(here, failing(new BlobTooLarge(300_000, 200_000)));
    expect(large).toMatchObject({ sent: 1 });
    expect(large.notices).toEqual([
      { kind: 'not-synced', path: 'large.bin', detail: expect.stringMatching(/^it is too large\. .* 300000 bytes/) },
    ]);
    const changing = await run(here, failing(new SourceChanged()));
    expect(changing.notices).toMatchObject([{ detail: 'it changed while it was read: sync again' }]);
    expect(await run(here)).toMatchObject({ sent: 1, notices: [] });
  });

  it('looks again at what did not open, and writes it once it does', async () => {
    await here.write('notes.md', '# Notes');
    await run(here);
    const files = fileGroup(janes, group);
    const closed: FileGroup = {
      ...files,
      fetch: async () => undefined,
      async *pull(cursor, work) {
        for await (const { rows, cursor: next } of files.pull(cursor, work)) {
          const shut = rows.map(({ id }) => ({ state: 'unreadable' as const, id, version: '', reason: 'it is shut' }));
          yield { rows: shut, cursor: next };
        }
      },
    };
    const refused = [expect.stringMatching(/^refused file_/)];
    expect(said(await run(there, closed))).toEqual(refused);
    expect(said(await run(there, closed))).toEqual(refused);
    expect(await there.files()).toEqual({});
    expect(await calls(() => run(there))).toEqual(['sync-check', 'resource-history']);
    expect(await there.files()).toEqual({ 'notes.md': '# Notes' });
    expect(await calls(() => run(there))).toEqual(['sync-check']);
  });

  it('is not synced by two programs at once', async () => {
    await mkdir(join(here.root, '.nightvault'));
    await writeFile(join(here.root, '.nightvault/lock'), '1');
    await expect(run(here)).rejects.toMatchObject({
      code: 'FOLDER_BUSY',
      message: expect.stringContaining('process 1'),
    });
    const both = await Promise.allSettled([run(there), run(there)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('stops before anything when its state is not whole', async () => {
    await here.write('a', '1');
    await run(here);
    await appendFile(join(here.root, '.nightvault/state.json'), 'x');
    await expect(run(here)).rejects.toMatchObject({ code: 'FOLDER_STATE_UNUSABLE' });
  });
});
