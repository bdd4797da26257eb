import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { browserBuild } from '../../functions/bundle/pages.ts';
import { launchChromium } from '../browser/chromium.ts';
import { type benchLogin, loginHead, loginRows } from './login.ts';
import { table } from './table.ts';

/**
 * `npm run bench:browser-login`: what a login costs the client in Chromium, on one page and in interleaved rounds, as a
 * ratio to tssrp6a as it comes. The calls to the server are not in it: they are the same for both.
 */
const rounds = 30;

const { outputFiles } = await build({ ...browserBuild, format: 'iife', entryPoints: ['test/bench/browser/login.ts'] });
const server = createServer(({ url }, response) => {
  const isScript = url === '/login.js';
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
  response.end(
    isScript ? outputFiles[0]?.text : '<!doctype html><title>bench</title><script src="/login.js"></script>',
  );
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await launchChromium();
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const samples = (await page.evaluate(`benchLogin(${rounds})`)) as Awaited<ReturnType<typeof benchLogin>>;
  process.stdout.write(`${browser.version()}\n`);
  process.stdout.write(`${table(loginHead, loginRows(samples))}\n`);
} finally {
  await browser.close();
  server.close();
}
