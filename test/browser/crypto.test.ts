import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type BuildResult, build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import type { SpokenFingerprint } from './vectors.ts';

const vectors = JSON.parse(readFileSync('test/vectors/insomnia-account.json', 'utf8'));
const spoken: readonly SpokenFingerprint[] = JSON.parse(readFileSync('test/vectors/fingerprints.json', 'utf8'));
const given = `${JSON.stringify(vectors)}, ${JSON.stringify(spoken)}`;

/** The client's half of shared/crypto for browsers, with no setting that a user of it would have to know. */
function bundle(): Promise<BuildResult<{ metafile: true; write: false }>> {
  return build({
    entryPoints: ['test/browser/vectors.ts'],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
}

const worker = `
  importScripts('/bundle.js');
  onmessage = async ({ data }) => {
    try {
      postMessage({ value: await runVectors(...data) });
    } catch (error) {
      postMessage({ error: String(error) });
    }
  };
`;

const expected = {
  SEC_PWD_Auth: vectors.SEC_PWD_Auth,
  SEC_PWD_Enc: vectors.SEC_PWD_Enc,
  SEC_PWD_Auth_nonAscii: vectors.SEC_PWD_Auth_nonAscii,
  verifier: vectors.srp.verifier,
  A: vectors.srp.A,
  M1: vectors.srp.M1,
  K: vectors.srp.K,
  plaintext: vectors.aesMessage.plaintext,
  sizes: [427, 467, 512],
  keysCameBack: true,
  groupKeyCameBack: true,
  messageCameBack: 'für ☃',
  fingerprint: expect.stringMatching(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/),
  words: spoken.map(({ words }) => words),
};

const bundled = await bundle();

describe("the bundle of the client's crypto", () => {
  it('builds without a warning', () => {
    expect(bundled.warnings).toEqual([]);
  });

  it('holds this project, tssrp6a and the list of words only', () => {
    const foreign = Object.keys(bundled.metafile.inputs).filter(
      (path) =>
        !/^(shared\/(crypto|protocol)|test\/browser|node_modules\/(tssrp6a|@scure\/bip39\/wordlists))\//.test(path),
    );
    expect(foreign).toEqual([]);
  });

  it('asks for a module of Node in one place only: where tssrp6a has found no WebCrypto', () => {
    const external = Object.entries(bundled.metafile.inputs).flatMap(([path, { imports }]) =>
      imports.filter((one) => one.external).map((one) => `${path} ${one.kind} ${one.path}`),
    );
    const fallback = 'node_modules/tssrp6a/dist/crossEnvCrypto.js require-call crypto';
    expect(new Set(external)).toEqual(new Set([fallback]));
  });
});

describe('in Chromium', () => {
  const server = createServer(({ url }, response) => {
    const script = url === '/bundle.js' ? bundled.outputFiles[0]?.text : url === '/worker.js' ? worker : undefined;
    response.setHeader('Content-Type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? '<!doctype html><title>vectors</title><script src="/bundle.js"></script>');
  });
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    browser = await launchChromium();
    page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`http://127.0.0.1:${port}/`);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    server.closeAllConnections();
    server.close();
  });

  it('a page computes every vector', async () => {
    const result = await page.evaluate(`runVectors(${given})`);
    expect(result).toEqual({ ...expected, windowIsGlobal: true });
    expect(errors).toEqual([]);
  });

  it('a worker computes every vector, and keeps no window of ours', async () => {
    const result = await page.evaluate(`new Promise((resolve) => {
      const worker = new Worker('/worker.js');
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => resolve({ error: message });
      worker.postMessage([${given}]);
    })`);
    expect(result).toEqual({ value: { ...expected, windowIsGlobal: false } });
  });
});
