import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const screenshots = join(import.meta.dirname, '../../artifacts/screenshots');
mkdirSync(screenshots, { recursive: true });

/** The same markup in other colours: what is right in one of them is wrong in the other for its colours only. */
const themes = { light: {}, dark: { runOnly: ['color-contrast'] } } as const;

/** Somebody with a browser of their own: nothing is shared with other visitors. */
export class Visitor {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #origin: string;
  readonly #complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page, origin: string) {
    this.#context = context;
    this.page = page;
    this.#origin = origin;
  }

  /** @param base the server's address */
  static async come(browser: Browser, base: string): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: { width: 1100, height: 820 },
      reducedMotion: 'reduce',
      baseURL: `${base}/`,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const visitor = new Visitor(context, page, new URL(base).origin);
    visitor.#watch();
    return visitor;
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }

  /** What a careful page never does: errors in the console, refusals by its policy, requests to others. */
  complaints(): readonly string[] {
    return this.#complaints;
  }

  /** Answers that are part of the story stand in the console as errors too. */
  #watch(): void {
    this.#context.on('console', (message) => {
      const refusedCall = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
      if (!refusedCall && ['error', 'warning'].includes(message.type())) this.#complaints.push(message.text());
    });
    this.#context.on('weberror', (error) => this.#complaints.push(String(error.error())));
    this.#context.on('request', (request) => {
      if (new URL(request.url()).origin !== this.#origin) this.#complaints.push(`request to ${request.url()}`);
    });
  }

  /** Keeps a picture of the page in each theme. @returns what axe finds wrong with it; in the dark, with its colours */
  async look(name: string): Promise<string[]> {
    await this.page.evaluate(`'axe' in window || ${axe.source}`);
    const found: string[] = [];
    for (const [theme, rules] of Object.entries(themes)) {
      await this.page.emulateMedia({ colorScheme: theme as keyof typeof themes });
      const options = JSON.stringify({ ...rules, resultTypes: ['violations'], elementRef: false });
      const { violations } = (await this.page.evaluate(`axe.run(document, ${options})`)) as axe.AxeResults;
      for (const { id, nodes } of violations) {
        found.push(
          ...nodes.map(({ target, failureSummary }) => `${name}, ${theme}: ${id} at ${target}: ${failureSummary}`),
        );
      }
      await this.page.screenshot({ path: join(screenshots, `${name}-${theme}.png`), fullPage: true });
    }
    return found;
  }

  /** The same view on a phone, and at twice the size. @returns the widths at which it must be scrolled sideways */
  async squeeze(name: string): Promise<number[]> {
    const tooWide: number[] = [];
    const size = this.page.viewportSize() ?? { width: 1100, height: 820 };
    // 640 wide is a screen of 1280 at 200 %, 320 the narrowest that WCAG 1.4.10 asks for.
    for (const width of [640, 320]) {
      await this.page.setViewportSize({ width, height: 720 });
      const needed = await this.page.evaluate('document.documentElement.scrollWidth');
      if (Number(needed) > width) tooWide.push(width);
    }
    await this.page.screenshot({ path: join(screenshots, `${name}-phone.png`), fullPage: true });
    await this.page.setViewportSize(size);
    return tooWide;
  }

  heading(name: string | RegExp) {
    return this.page.getByRole('heading', { level: 1, name });
  }
}
