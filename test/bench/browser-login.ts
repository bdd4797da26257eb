import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { browserBuild } from '../../functions/bundle/pages.ts';
import { launchChromium } from '../browser/chromium.ts';
import type { Samples } from './browser/login.ts';
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
  const samples = (await page.evaluate(`benchLogin(${rounds})`)) as Samples;
  const rows = Object.entries(samples).map(([name, values]) => {
    const rival = `${name.split(', ')[0]}, tssrp6a unmodified`;
    const [low, median] = [percentile(values, 0.1), percentile(values, 0.5)];
    const ratio = rival in samples ? percentile(samples[rival as keyof Samples], 0.5) / median : undefined;
    return [name, low.toFixed(1), median.toFixed(1), ratio?.toFixed(1) ?? ''];
  });
  process.stdout.write(`${browser.version()}\n`);
  process.stdout.write(`${table(['Chromium, one login, 2048 bits', 'p10 ms', 'median ms', 'tssrp6a / it'], rows)}\n`);
} finally {
  await browser.close();
  server.close();
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((one, two) => one - two)[Math.floor(values.length * share)] ?? Number.NaN;
}
