import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';

const folder = join(import.meta.dirname, '../../emulator/page');
const types = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' } as const;

const day = (date: string, count: number) => ({
  day: date,
  count,
  devices: Math.ceil(count / 3),
  dropped: { optedOut: 1, signal: 0, unlisted: 0, malformed: 0 },
});
const usage = {
  days: [day('2026-01-30', 0), day('2026-01-31', 40), day('2026-02-01', 10)],
  events: [
    { event: 'Request Executed', count: 48, devices: 9 },
    { event: '<img src=x onerror=alert(1)>', count: 2, devices: 1 },
  ],
};
const views: Readonly<Record<string, unknown>> = {
  mail: [],
  log: [],
  store: {},
  functions: [],
  openapi: { paths: {} },
};

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** The page of the local stack, with these answers behind it. */
async function open(shown: object, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await browser.newPage({ colorScheme, locale: 'en-GB', viewport: { width: 1440, height: 900 } });
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    const view = /^\/_local\/(\w+)$/.exec(pathname)?.[1];
    if (view !== undefined) {
      await route.fulfill({ json: view === 'usage' ? shown : views[view] });
      return;
    }
    const name = pathname === '/' ? 'index.html' : pathname.replace('/_local/page/', '');
    const contentType = types[name.split('.').at(-1) as keyof typeof types];
    const file = name === 'icon.svg' ? 'client/pages/icon.svg' : join(folder, name);
    await route.fulfill({ body: await readFile(file), contentType });
  });
  await page.goto('http://127.0.0.1:1/');
  return page;
}

describe('the chart of usage', () => {
  it('says in words what it shows, and again in tables', async () => {
    const page = await open(usage);
    const region = page.getByRole('region', { name: 'Usage' });
    const chart = region.getByRole('img', { name: 'Events a day, 30 Jan to 1 Feb' });
    await expect(chart.ariaSnapshot()).resolves.toContain('Events a day');
    await expect(chart.locator('desc').textContent()).resolves.toBe('30 Jan: 0, 31 Jan: 40, 1 Feb: 10');
    await expect(region.locator('figcaption').textContent()).resolves.toBe('50 events in 3 days; 3 not kept');
    const row = region.getByRole('row', { name: 'Request Executed' });
    await expect(row.getByRole('cell').allTextContents()).resolves.toEqual(['48', '9']);
    await region.getByText('By day').click();
    await expect(region.getByRole('row', { name: '31 Jan' }).getByRole('cell').allTextContents()).resolves.toEqual([
      '40',
      '14',
    ]);
    // What is shown is never read as HTML.
    await expect(region.locator('img[src]').count()).resolves.toBe(0);
    const heights = await chart.locator('rect').evaluateAll((bars) => bars.map((bar) => bar.getAttribute('height')));
    expect(heights).toEqual(['0', '88', '22']);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('can be told from its ground in the %s', async (scheme) => {
    const page = await open(usage, scheme);
    await page.locator('#usage rect').first().waitFor({ state: 'attached' });
    const colours = await page.evaluate(() => {
      const root = globalThis as unknown as {
        document: { querySelector(selector: string): object };
        getComputedStyle(element: object): Record<string, string>;
      };
      const style = (selector: string) => root.getComputedStyle(root.document.querySelector(selector));
      const [bar, ground, text] = [
        style('#usage rect').fill,
        style('#usage').backgroundColor,
        style('#usage text').fill,
      ];
      return { bar, ground, text };
    });
    const [bar, ground, text] = [colours.bar, colours.ground, colours.text].map((colour) => luminance(colour ?? ''));
    // WCAG 2.2, 1.4.11 and 1.4.3.
    expect(contrast(bar ?? 0, ground ?? 0)).toBeGreaterThan(3);
    expect(contrast(text ?? 0, ground ?? 0)).toBeGreaterThan(4.5);
    await page.close();
  });

  it('says what to do while there is nothing', async () => {
    const page = await open({ days: [], events: [] });
    await page.locator('#used', { hasText: 'No usage events yet.' }).waitFor();
    await page.close();
  });
});

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const contrast = (one: number, other: number) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
