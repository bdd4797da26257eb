import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nightvault } from '../../client/index.ts';
import { nodesHere } from '../support/installed.ts';
import { runProgram } from '../support/program.ts';
import { enter, jane } from '../support/sdk.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const root = join(import.meta.dirname, '../..');
let place: string;
let stack: TestStack;
/** The command as npm installs it, and as one file. */
let programs: readonly string[];

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'nightvault-installed-'));
  const build = execFileSync(process.execPath, [join(root, 'client/command/package/main.ts'), join(place, 'built')]);
  const [packed = '', alone = ''] = build.toString().trim().split('\n');
  execFileSync('npm', ['install', '-g', '--prefix', place, '--loglevel=error', '--prefer-offline', packed], {
    cwd: mkdirIn('elsewhere'),
  });
  programs = [join(place, 'lib/node_modules/nightvault-cli/dist/nightvault.mjs'), alone];
  stack = await startTestStack();
});
afterAll(async () => {
  await stack.stop();
  rmSync(place, { recursive: true, force: true });
});

function mkdirIn(name: string): string {
  const folder = join(place, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Sizes of all files below a folder, in bytes. */
const bytesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const found = statSync(join(folder, name));
    return found.isFile() ? sum + found.size : sum;
  }, 0);

it('installs less than 15 MB, with one optional dependency and the licences of what it contains', () => {
  const installed = join(place, 'lib/node_modules/nightvault-cli');
  expect(bytesIn(join(place, 'lib'))).toBeLessThan(15_000_000);
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(manifest.dependencies).toBeUndefined();
  expect(Object.keys(manifest.optionalDependencies)).toEqual(['@napi-rs/keyring']);
  const licences = readFileSync(join(installed, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of ['commander', 'yaml', 'zod', 'tssrp6a', 'chokidar']) expect(licences).toMatch(`${name} `);
  const shim = spawnSync(join(place, 'bin/nightvault'), ['--version'], { encoding: 'utf8', cwd: place });
  expect(shim).toMatchObject({ stdout: `nightvault ${manifest.version}\n`, stderr: '', status: 0 });
});

describe.each(nodesHere())('on Node.js %s', (version, node) => {
  const environment = (name: string) => ({
    NIGHTVAULT_HOME: mkdirIn(`home-${version}-${name}`),
    NIGHTVAULT_SERVER: stack.url,
    NIGHTVAULT_PASSPHRASE: jane.passphrase,
  });

  it('says its version and its help', () => {
    for (const program of programs) {
      const run = (...args: string[]) => spawnSync(node, [program, ...args], { encoding: 'utf8', cwd: place });
      expect(run('--version')).toMatchObject({ stderr: '', status: 0 });
      expect(run('--help').stdout).toContain('nightvault COMMAND [OPTIONS]');
    }
  });

  it('logs in and syncs a folder', async () => {
    const email = `jane+node${version}@example.com`;
    const account = await enter(stack, { ...jane, email });
    for (const [index, program] of programs.entries()) {
      const folder = mkdirIn(`project-${version}-${index}`);
      writeFileSync(join(folder, 'api.yaml'), `openapi: 3.1.0 # ${index}\n`);
      const env = environment(String(index));
      const run = async (...args: string[]) => {
        const ran = runProgram(node, [program, ...args], env);
        expect([await ran.exit, ran.errors()]).toEqual([0, '']);
        return ran.output();
      };
      await run('login', '--email', email);
      await run('create', `Shop ${index}`);
      expect(await run('sync', folder, '--group', `Shop ${index}`)).toBe('1 change sent.\n');
    }
    const listed = await account.groups.list();
    expect(listed.map(({ name }) => name).sort()).toEqual(['Shop 0', 'Shop 1']);
  });

  it('imports the SDK', () => {
    const sdk = join(place, 'sdk/node_modules/nightvault');
    execFileSync(process.execPath, [join(root, 'client/build.ts'), sdk]);
    execFileSync('npm', ['install', '--loglevel=error', '--prefer-offline', '--no-package-lock'], { cwd: sdk });
    const script = "const { Nightvault } = await import('nightvault'); console.log(typeof Nightvault.connect)";
    const run = spawnSync(node, ['--input-type=module', '-e', script], { cwd: join(place, 'sdk'), encoding: 'utf8' });
    expect(run).toMatchObject({ stdout: `${typeof Nightvault.connect}\n`, stderr: '', status: 0 });
  });
});

it('runs in the folder that npm run is called from', () => {
  const folder = mkdirIn('called-from');
  const ran = spawnSync('npm', ['run', '--silent', '--prefix', root, 'nightvault', '--', 'status', '--json'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NIGHTVAULT_HOME: join(place, 'home-npm'), INIT_CWD: undefined },
  });
  expect(JSON.parse(ran.stdout)).toMatchObject({ ok: false, error: { why: expect.stringContaining(folder) } });
});
