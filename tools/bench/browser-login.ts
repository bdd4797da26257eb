import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { browserBuild } from '../../functions/bundle/pages.ts';
import { launchChromium } from '../../test/browser/chromium.ts';
import type { Bench, BenchRun } from './bench.ts';
import { type benchLogin, loginHead, loginRows } from './login.ts';
import { table } from './table.ts';

/**
 * On one page and in interleaved rounds, as a ratio to tssrp6a as it comes. The calls to the server are not in it: they
 * are the same for both.
 */
export const browserLogin: Bench = {
  about: "the client's work of a login in Chromium, beside tssrp6a as it comes",
  run: ({ print, short }) => measure(print, short ? 1 : 30),
};

async function measure(print: BenchRun['print'], rounds: number): Promise<void> {
  const entryPoints = ['tools/bench/in-browser/login.ts'];
  const { outputFiles } = await build({ ...browserBuild, format: 'iife', entryPoints });
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
    print(browser.version());
    print(table(loginHead, loginRows(samples)));
  } finally {
    await browser.close();
    server.close();
  }
}
