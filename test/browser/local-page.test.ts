import type { Browser, Locator, Page } from 'playwright-core';
import { accounts } from '../../shared/store/accounts.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { launchChromium } from './chromium.ts';

const janes = 'jane@example.com';

let stack: TestStack;
let browser: Browser;
let page: Page;
/** Whatever the page's policy refused, or threw. */
const complaints: string[] = [];

beforeAll(async () => {
  [stack, browser] = await Promise.all([startTestStack(), launchChromium()]);
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(stack.url);
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

const keys = () => page.getByRole('region', { name: 'Keys' });
const row = (name: string) => keys().getByRole('row', { name: new RegExp(`^${name}`) });
/** What is held here, and at the server, whole. */
const held = async (name: string) => {
  const values = await row(name).locator('.value').all();
  return Promise.all(values.map((value) => value.getAttribute('title')));
};

describe('the people of the local page', () => {
  it('Jane signs up in this browser, and what the server holds of each of her keys stands beside it', async () => {
    await expect(page.getByRole('button', { name: 'Bob joins' }).isDisabled()).resolves.toBe(true);
    const text = `${stack.url}/account-verify?token=${'a'.repeat(43)}`;
    const ofAnEarlierAccount = { messageId: '<earlier@example.com>', to: janes, subject: 'Verify', text, html: '' };
    await stack.platform.mailer.send(ofAnEarlierAccount);
    await page.getByRole('button', { name: 'Jane signs up' }).click();
    await row('Request').locator('.value.client').waitFor({ timeout: 60_000 });
    const [account] = await stack.platform.database.list({ collection: accounts, where: [['email', '==', janes]] });
    expect(await held('Passphrase')).toEqual(['lanterns on the pier at dusk']);
    expect(await held('Lock secret')).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    const [, sealed] = await held('Login secret');
    expect(sealed).toMatch(/^1\./);
    expect((await held('Account key'))[1]).toBe(account?.data.encSymmetricKey);
    expect((await held('Private key'))[1]).toBe(account?.data.encPrivateKey);
    const [own, servers] = await held('Public key');
    expect(own).toBe(servers);
    expect((await held('Request'))[0]).toBe('{"url":"https://api.example.com/tides","method":"GET"}');
  }, 90_000);

  it('Bob joins, and reads with keys of his own what Jane wrote', async () => {
    const [, wrappedToJane] = await held('Group key');
    const [janesKey] = await held('Group key');
    await page.getByRole('button', { name: 'Bob joins' }).click();
    await keys().getByRole('columnheader', { name: 'In Bob’s browser' }).waitFor({ timeout: 60_000 });
    await row('Group key').locator('.value.client').waitFor();
    const [bobsKey, wrappedToBob] = await held('Group key');
    expect(bobsKey).toBe(janesKey);
    expect(wrappedToBob).not.toBe(wrappedToJane);
    expect(await keys().getByRole('listitem').last().textContent()).toBe(
      'Bob reads: {"url":"https://api.example.com/tides","method":"GET"}',
    );
    await page.getByRole('button', { name: 'Jane', exact: true }).click();
    expect(await held('Group key')).toEqual([janesKey, wrappedToJane]);
  }, 90_000);
});

it('shows every key whole beside what is told, on a small screen too', async () => {
  await page.setViewportSize({ width: 1280, height: 900 });
  const edges = async (place: Locator) => {
    const { x = 0, y = 0, width = 0, height = 0 } = (await place.boundingBox()) ?? {};
    return { right: x + width, bottom: y + height, top: y };
  };
  const panel = await edges(keys());
  const chips = await Promise.all((await keys().locator('.value').all()).map(edges));
  expect(chips.length).toBeGreaterThan(10);
  expect(Math.max(...chips.map((chip) => chip.right))).toBeLessThan(panel.right);
  const told = await edges(page.getByRole('log', { name: 'What happens' }));
  expect(Math.max(...chips.map((chip) => chip.bottom))).toBeLessThanOrEqual(told.top);
});

describe('the form of a function', () => {
  const open = async (name: string, method: string) => {
    const form = page.locator('.function', { hasText: new RegExp(`^${method}${name}`) }).first();
    await form.locator('summary').click();
    return form;
  };

  it('speaks for who has signed up here', async () => {
    const form = await open('session-whoami', 'GET');
    await form.getByRole('button', { name: 'Send' }).click();
    await form.getByText('200 OK').waitFor();
    expect(await form.locator('pre').textContent()).toContain(`"email": "${janes}"`);
  });

  it('has a body of the right shape, and shows what was wrong with it', async () => {
    const form = await open('account-resend-verification', 'POST');
    const body = form.getByLabel('application/json');
    expect(JSON.parse(await body.inputValue())).toEqual({ email: 'jane@example.com' });
    await body.fill('{"email": 7}');
    await form.getByRole('button', { name: 'Send' }).click();
    await form.getByText('400 Bad Request').waitFor();
    expect(await form.locator('pre').textContent()).toContain('"path": "/email"');
  });
});

it('complains of nothing but the answer that was asked for', () => {
  expect(complaints).toEqual([expect.stringContaining('400 (Bad Request)')]);
});
