import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');
let user: string;
let sdk: string;
beforeAll(() => {
  user = mkdtempSync(join(tmpdir(), 'nightvault-sdk-'));
  sdk = join(user, 'node_modules/nightvault');
  mkdirSync(sdk, { recursive: true });
  execFileSync(process.execPath, [join(root, 'client/build.ts'), sdk]);
  for (const name of ['zod', 'tssrp6a'])
    symlinkSync(join(root, 'node_modules', name), join(user, 'node_modules', name));
  writeFileSync(join(user, 'package.json'), '{"type":"module"}');
});
afterAll(() => rmSync(user, { recursive: true }));

/** What a bundler takes in that starts from an entry: paths from the folder that each file belongs to. */
async function bundled(entry: string, platform: 'browser' | 'node') {
  const options = { bundle: true, write: false, metafile: true, format: 'esm', logLevel: 'silent' } as const;
  const { metafile } = await build({ ...options, entryPoints: [entry], platform });
  return Object.keys(metafile.inputs).map((path) => path.replace(/^.*?(client|shared|node_modules)\//, '$1/'));
}

/** What an index exports by name: its classes, and the file of each; its types. */
function exportsOf(index: string) {
  const lists = [...index.matchAll(/^export (type )?\{ ([^}]*) \} from '([^']*)'/gm)];
  const all = lists.flatMap(([, type = '', names = '', file = '']) =>
    names.split(', ').map((name) => ({ name: `${type}${name}`, file })),
  );
  return {
    classes: all.filter(({ name }) => !name.startsWith('type ')),
    types: all.flatMap(({ name }) => (name.startsWith('type ') ? [name.replaceAll('type ', '')] : [])),
  };
}

/** Those of a class, as its declaration has them in their order. */
function membersOf(declarations: string, name: string): string[] {
  const [, body = ''] = declarations.split(new RegExp(`^export declare class ${name}\\b.*\\{$`, 'm'));
  const [own = ''] = body.split(/^\}$/m);
  const found = [...own.matchAll(/^ {4}(?:static |readonly |get )*(\w+)[(:?]/gm)].map(([, member = '']) => member);
  return found.filter((member) => member !== 'constructor');
}

const use = `import { CallFailed, Nightvault, type NightvaultError } from 'nightvault';

const server = Nightvault.connect('https://vault.example.com');
export const id = async (): Promise<string> => (await (await server.logIn({ email: '', passphrase: '' })).groups.list())[0]?.id ?? '';
export const codes: NightvaultError['code'][] = ['GROUP_NOT_FOUND', 'UNREACHABLE'];
export const missing = (error: unknown) => error instanceof CallFailed && error.code === 'GROUP_NOT_FOUND';
`;

describe('the package of the SDK', () => {
  it('depends on zod and tssrp6a, pinned, and on nothing else', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const made = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8'));
    expect(made.dependencies).toEqual({ tssrp6a: dependencies.tssrp6a, zod: dependencies.zod });
    expect(made).toMatchObject({ name: 'nightvault', type: 'module', license: 'Apache-2.0' });
  });

  it('holds no server code, and no file that its entry does not reach', async () => {
    const inputs = await bundled(join(root, 'client/index.ts'), 'browser');
    const places = new Set(
      inputs.map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('client') ? 1 : 2)
          .join('/'),
      ),
    );
    expect([...places].sort()).toEqual([
      'client',
      'node_modules/tssrp6a',
      'node_modules/zod',
      'shared/crypto',
      'shared/protocol',
    ]);
    const ours = inputs.filter((path) => !path.startsWith('node_modules'));
    const shipped = new Set(
      readdirSync(sdk, { recursive: true, encoding: 'utf8' }).map((path) => path.replace(/\.(d\.ts|js)$/, '.ts')),
    );
    expect(ours.filter((path) => !shipped.has(path))).toEqual([]);
    const folders = readdirSync(sdk).sort();
    expect(folders).toEqual(['LICENSE', 'README.md', 'client', 'package.json', 'shared']);
    expect(readdirSync(join(sdk, 'shared')).sort()).toEqual(['crypto', 'protocol']);
  });

  it('computes on OpenSSL in Node, and holds nothing of it where it is bundled for browsers', async () => {
    const entry = join(sdk, 'client/index.js');
    const engines = (inputs: string[]) => inputs.filter((path) => /engine/.test(path)).sort();
    expect(engines(await bundled(entry, 'browser'))).toEqual([
      'node_modules/nightvault/client/srp-engine/web.js',
      'node_modules/nightvault/shared/crypto/srp/web-engine.js',
    ]);
    expect(engines(await bundled(entry, 'node'))).toEqual([
      'node_modules/nightvault/client/srp-engine/node.js',
      'node_modules/nightvault/shared/crypto/srp/openssl/engine.js',
      'node_modules/nightvault/shared/crypto/srp/web-engine.js',
    ]);
  });

  it('has types that check with those of browsers alone, and errors that narrow', () => {
    writeFileSync(join(user, 'use.ts'), use);
    const compilerOptions = {
      ...{ module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'] },
      ...{ strict: true, noEmit: true, types: [] },
    };
    writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    const check = () => spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', user], { encoding: 'utf8' });
    expect(check()).toMatchObject({ stdout: '', status: 0 });
    writeFileSync(join(user, 'use.ts'), use.replace("'GROUP_NOT_FOUND',", "'NO_SUCH_CODE',"));
    expect(check().stdout).toContain('NO_SUCH_CODE');
  });

  it('is all in its README: each class with its members, each type', () => {
    const read = (file: string) => readFileSync(join(sdk, file), 'utf8');
    const missing = (lines: string[]) => lines.filter((line) => !read('README.md').includes(line));
    const { classes, types } = exportsOf(read('client/index.d.ts'));
    const rows = classes.map(({ name, file }) => {
      const members = membersOf(read(join('client', file.replace(/\.ts$/, '.d.ts'))), name);
      return `| \`${name}\` | ${members.map((member) => `\`${member}\``).join(', ')} |`;
    });
    expect(missing(rows)).toEqual([]);
    expect(missing(types.map((name) => `\`${name}\``))).toEqual([]);
    expect([rows.length, types.length].every((count) => count > 10)).toBe(true);
    expect(read('README.md').match(/\]\((?!https?:|#).*?\)/g)).toBeNull();
  });

  it('runs as it is', () => {
    const script = "import { Nightvault } from 'nightvault'; console.log(typeof Nightvault.connect('http://x').logIn)";
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: user, encoding: 'utf8' });
    expect(run).toMatchObject({ stdout: 'function\n', stderr: '', status: 0 });
  });
});
