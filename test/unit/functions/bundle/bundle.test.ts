import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, type Deployable, deployables, filesOf } from '../../../../functions/bundle/bundle.ts';
import { type Lock, partOfLock } from '../../../../functions/bundle/lock.ts';
import { runtime } from '../../../../functions/bundle/runtime.ts';
import { zip } from '../../../../functions/bundle/zip.ts';
import { registry } from '../../../../functions/registry.ts';
import { storeAccess } from '../../../../shared/platform/store-access.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const named = (name: string) => deployables.find((each) => each.name === name) as Deployable;

async function dependenciesOf(name: string): Promise<string[]> {
  const files = await filesOf(named(name));
  return Object.keys(JSON.parse(files['package.json'] ?? '').dependencies);
}

describe('bundles', () => {
  it('are one for every function of the registry, and one for those that clients call', () => {
    const names = deployables.map(({ name }) => name);
    expect(names).toEqual([...registry.map(({ name }) => name), 'nightvault']);
    expect(named('nightvault').entries.map(({ name }) => name)).not.toContain('email-status');
  });

  it('have the same bytes whenever they are made', async () => {
    const twice = [await bundle(named('login-start')), await bundle(named('login-start'))];
    expect(sha256(twice[0] as Buffer)).toBe(sha256(twice[1] as Buffer));
    // In another process, at another time of day and in another place.
    const script = `import { bundle, deployables } from '${join(import.meta.dirname, '../../../../functions/bundle/bundle.ts')}';
      import { createHash } from 'node:crypto';
      const found = deployables.find(({ name }) => name === 'login-start');
      process.stdout.write(createHash('sha256').update(await bundle(found)).digest('hex'));`;
    const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: tmpdir(),
      env: { PATH: process.env.PATH, TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8' },
      encoding: 'utf8',
    });
    expect(other.stderr + other.stdout).toBe(sha256(twice[0] as Buffer));
  });

  it('hold the code of their function and of no other', async () => {
    const code = (await filesOf(named('login-start')))['index.js'] ?? '';
    expect(code).toContain('// functions/login/login-start.ts');
    expect(code).not.toContain('// functions/changes/');
    expect(code).not.toContain('// functions/registry.ts');
  });

  it('bring along what their function may use, and nothing else', async () => {
    expect(await dependenciesOf('healthz')).toEqual(['@google-cloud/functions-framework']);
    expect(await dependenciesOf('email-status')).toEqual([
      '@google-cloud/firestore',
      '@google-cloud/functions-framework',
    ]);
    expect(await dependenciesOf('account-create')).toEqual([
      '@google-cloud/firestore',
      '@google-cloud/functions-framework',
      '@google-cloud/pubsub',
      '@google-cloud/secret-manager',
      'google-auth-library',
    ]);
    expect(await dependenciesOf('email-deliver')).toContain('nodemailer');
    expect(storeAccess(named('healthz').entries[0] as never)).toBe('none');
  });

  it('hold what pages load where it is handed out, and its names where a page is drawn', async () => {
    const pagesOf = async (name: string) => {
      const text = (await filesOf(named(name)))['pages.json'];
      return text === undefined ? undefined : JSON.parse(text);
    };
    const full = await pagesOf('page-file');
    expect(Object.keys(full.files)).toEqual(expect.arrayContaining([full.scripts.vault.name, full.style.name]));
    const { files: _files, ...names } = full;
    for (const name of ['vault', 'account-verify', 'invite-accept']) expect(await pagesOf(name)).toEqual(names);
    expect(await pagesOf('login-start')).toBeUndefined();
    expect(await pagesOf('nightvault')).toEqual(full);
  });

  it('ask for exact versions, and need no build', async () => {
    const files = await filesOf(named('email-deliver'));
    const { dependencies, engines, scripts, main, type } = JSON.parse(files['package.json'] ?? '');
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect({ engines, scripts, main, type }).toEqual({
      engines: { node: '24' },
      scripts: undefined,
      main: 'index.js',
      type: 'module',
    });
    expect(runtime.name).toBe(`nodejs${runtime.node}`);
    expect(process.version).toMatch(new RegExp(`^v${runtime.node}\\.`));
    const lock = JSON.parse(files['package-lock.json'] ?? '');
    expect(lock.packages[''].dependencies).toEqual(dependencies);
    expect(Object.keys(lock.packages)).toContain('node_modules/nodemailer');
    expect(Object.keys(lock.packages)).not.toContain('node_modules/jest');
  });
});

describe('zip', () => {
  it('can be read by others, whatever the order of the files was', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zip-'));
    try {
      const content = 'ä'.repeat(10_000);
      const bytes = zip({ 'b.txt': content, 'a.json': '{}' });
      expect(zip({ 'a.json': '{}', 'b.txt': content })).toEqual(bytes);
      writeFileSync(join(folder, 'x.zip'), bytes);
      const listed = spawnSync('unzip', ['-Z', '-1', 'x.zip'], { cwd: folder, encoding: 'utf8' });
      expect(listed.stdout).toBe('a.json\nb.txt\n');
      const tested = spawnSync('unzip', ['-t', 'x.zip'], { cwd: folder, encoding: 'utf8' });
      expect(tested.stdout).toContain('No errors detected');
      const read = spawnSync('unzip', ['-p', 'x.zip', 'b.txt'], { cwd: folder, encoding: 'utf8' });
      expect(read.stdout).toBe(content);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('partOfLock', () => {
  const lock: Lock = {
    packages: {
      '': { dependencies: { a: '1.0.0', tool: '1.0.0' } },
      'node_modules/a': { version: '1.0.0', dependencies: { b: '^2.0.0' }, bin: { a: 'a.js' }, dev: true },
      'node_modules/a/node_modules/b': { version: '2.1.0', dependencies: { c: '*' } },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/c': {
        version: '3.0.0',
        peerDependencies: { d: '*' },
        peerDependenciesMeta: { d: { optional: true } },
      },
      'node_modules/tool': { version: '1.0.0' },
    },
  };

  it('keeps what is needed, where Node finds it', () => {
    const { packages } = partOfLock(lock, 'x', ['a']);
    expect(Object.keys(packages)).toEqual(['', 'node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c']);
    expect(packages['']).toMatchObject({ name: 'x', dependencies: { a: '1.0.0' } });
    expect(packages['node_modules/a']).toEqual({
      version: '1.0.0',
      dependencies: { b: '^2.0.0' },
      bin: { a: 'a.js' },
    });
  });

  it('says what the lock file lacks', () => {
    expect(() => partOfLock(lock, 'x', ['z'])).toThrow(
      'package-lock.json has no z, which package.json needs: run npm install.',
    );
  });
});
