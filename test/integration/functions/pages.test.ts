import { createHash } from 'node:crypto';
import { build } from 'esbuild';
import { browserBuild, buildPages, integrityOf } from '../../../functions/bundle/pages.ts';
import { differencesOf } from '../../../functions/bundle/served-pages.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const names = ['vault', 'invite-accept', 'passphrase-reset-finish'];
const page = (name: string) => stack.call(name, { method: 'GET' });

/** Each file that a page names with the hash it gives, where it gives one. */
const filesOf = (html: string) =>
  [...html.matchAll(/(?:src|href)="\/page-file\?name=([^"]+)"(?: integrity="([^"]+)")?/g)].map(
    ([, name = '', integrity]) => ({ name, integrity }),
  );

describe('the pages', () => {
  it.each(names)('%s runs nothing that is not ours, and tells nobody where it is', async (name) => {
    const { status, headers, text } = await page(name);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ]),
    );
    expect(policy).not.toMatch(/unsafe|data:|blob:|\*|http/);
    expect(text).not.toMatch(/<style|<script(?![^>]* src=)| on\w+=| style=|https?:/);
  });

  it('are alike for everybody', async () => {
    const answers = [await page('vault'), await stack.call('vault', { method: 'GET', token: 'ab'.repeat(32) })];
    expect(answers[0]?.text).toBe(answers[1]?.text);
  });

  it('name files by a hash, which are kept for good, and are what the page says they are', async () => {
    const files = filesOf((await page('vault')).text);
    expect(files.filter(({ integrity }) => integrity !== undefined).map(({ name }) => name.split('.').at(-1))).toEqual([
      'css',
      'js',
    ]);
    for (const { name, integrity } of files) {
      const { status, headers, text } = await stack.call('page-file', { query: { name } });
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('content-encoding')).toBe('gzip');
      expect(headers.get('vary')).toBe('Accept-Encoding, Origin');
      expect(name.split('.')[1]).toBe(createHash('sha256').update(text).digest('hex').slice(0, 16));
      if (integrity !== undefined) expect(integrityOf(text)).toBe(integrity);
      const plain = await stack.call('page-file', { query: { name }, headers: { 'accept-encoding': 'identity' } });
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(plain.text).toBe(text);
    }
  });

  it('give their worker a policy of its own', async () => {
    const script = filesOf((await page('vault')).text).find(({ name }) => name.startsWith('vault.'));
    const { text } = await stack.call('page-file', { query: { name: script?.name ?? '' } });
    const worker = /worker\.[0-9a-f]{16}\.js/.exec(text)?.[0] ?? '';
    const { headers } = await stack.call('page-file', { query: { name: worker } });
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; connect-src 'self'");
  });

  it('have no other files', async () => {
    await expect(stack.call('page-file', { query: { name: 'vault.0000000000000000.js' } })).resolves.toMatchObject({
      status: 404,
      body: { code: 'PAGE_FILE_NOT_FOUND', detail: 'There is no file vault.0000000000000000.js here.' },
    });
    for (const name of ['../package.json', 'constructor', '']) {
      await expect(stack.call('page-file', { query: { name } })).resolves.toMatchObject({
        status: 400,
        body: {
          code: 'INVALID_INPUT',
          errors: [{ path: '/name', message: 'must be the name of a file as a page names it' }],
        },
      });
    }
  });
});

describe('what the pages are built of', () => {
  const inputsOf = async (entry: string) => {
    const { metafile, warnings } = await build({
      ...browserBuild,
      entryPoints: [`client/pages/${entry}`],
      define: { WORKER: '""' },
    });
    return { warnings, inputs: metafile.inputs, files: Object.keys(metafile.inputs) };
  };

  it('leaves all that takes long, and every key, to the worker', async () => {
    for (const entry of ['vault.ts', 'button.ts']) {
      const { files } = await inputsOf(entry);
      expect(files.filter((file) => !file.startsWith('client/pages/'))).toEqual(
        entry === 'vault.ts' ? ['shared/crypto/errors.ts'] : [],
      );
      expect(files.filter((file) => file.startsWith('client/pages/worker/'))).toEqual([]);
    }
  });

  it('asks for no module of Node, but where a library has found no WebCrypto', async () => {
    const { inputs, warnings } = await inputsOf('worker/main.ts');
    const external = Object.entries(inputs).flatMap(([path, { imports }]) =>
      imports.filter((one) => one.external).map((one) => `${path} ${one.path}`),
    );
    expect(new Set(external)).toEqual(new Set(['node_modules/tssrp6a/dist/crossEnvCrypto.js crypto']));
    expect(warnings).toEqual([]);
  });
});

describe('npm run pages', () => {
  it('finds a server that hands out the pages of these sources, and one that does not', async () => {
    const pages = await buildPages();
    expect(await differencesOf(stack.url, pages)).toEqual([]);
    const { name } = pages.scripts.vault;
    const changed = { ...pages, files: { ...pages.files, [name]: { type: 'text/javascript', text: '// another' } } };
    expect(await differencesOf(`${stack.url}/`, changed)).toEqual([
      `page-file?name=${name} is not what these sources give.`,
      `page-file?name=${name} has another content-type.`,
    ]);
    const newer = { ...pages, style: { name: 'style.0000000000000000.css', integrity: '' } };
    const found = await differencesOf(stack.url, newer);
    expect(found.sort()).toEqual(names.map((each) => `${each} is not what these sources give.`).sort());
  });
});
