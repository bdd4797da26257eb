import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { push, sealResource } from '../../../client/changes.ts';
import { Connection } from '../../../client/connection.ts';
import { listGroups } from '../../../client/group.ts';
import { logIn as logInByProgram } from '../../../client/log-in.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { launchChromium } from '../chromium.ts';
import { confirm, logIn, mailedLink, type Somebody, signUp, wordsIn } from './steps.ts';
import { Visitor } from './visitor.ts';

let stack: TestStack;
let browser: Browser;
const visitors: Visitor[] = [];
const faults: string[] = [];

beforeAll(async () => {
  [stack, browser] = await Promise.all([startTestStack(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});
afterEach(async () => {
  const complaints = visitors.flatMap((visitor) => visitor.complaints());
  await Promise.all(visitors.splice(0).map((visitor) => visitor.leave()));
  expect(complaints).toEqual([]);
  expect(faults.splice(0)).toEqual([]);
});

async function come(): Promise<Visitor> {
  const visitor = await Visitor.come(browser, stack.url);
  visitors.push(visitor);
  return visitor;
}

const somebody = (firstName: 'Jane' | 'Bob'): Somebody => ({
  firstName,
  email: `${firstName.toLowerCase()}+${randomBytes(4).toString('hex')}@example.com`,
  passphrase: `${firstName} über dem Pier, still at dusk`,
});

describe('the pages', () => {
  it('take Jane and Bob from the sign-up to a resource that one shares and the other reads', async () => {
    const [jane, bob] = [somebody('Jane'), somebody('Bob')];
    const [hers, his] = [await come(), await come()];
    await hers.page.goto('vault#/sign-up');
    faults.push(...(await hers.look('sign-up')));
    await signUp(hers, jane);
    faults.push(...(await hers.look('sign-up-sent')));
    const link = await mailedLink(stack, jane.email);
    await hers.page.goto(link);
    faults.push(...(await hers.look('verify')));
    await confirm(hers, link);
    expect(hers.page.url()).toBe(`${stack.url}/account-verify`);
    faults.push(...(await hers.look('verified')));
    await hers.page.getByRole('link', { name: 'Log in' }).click();
    faults.push(...(await hers.look('log-in')));
    await logIn(hers, jane);
    await hers.heading('Your groups').waitFor();
    faults.push(...(await hers.look('groups-empty')));
    await hers.page.getByText('New group').click();
    await hers.page.getByLabel('Name').fill('Web shop');
    await hers.page.getByRole('button', { name: 'Make the group' }).click();
    await hers.heading('Web shop').waitFor();
    faults.push(...(await hers.look('group-empty')));

    await pushByProgram(jane);
    await Promise.all([signUp(his, bob), mailedLink(stack, bob.email).then((address) => address)]);
    await confirm(his, await mailedLink(stack, bob.email));
    await his.page.getByRole('link', { name: 'Log in' }).click();
    await logIn(his, bob);

    await hers.page.getByRole('link', { name: 'Members and sharing' }).click();
    await hers.page.getByLabel('Their e-mail address').fill(bob.email);
    await hers.page.getByLabel('They').selectOption('editor');
    await hers.page.getByRole('button', { name: 'Look up their key' }).click();
    const shown = hers.page.locator('form .fingerprint');
    await shown.waitFor();
    faults.push(...(await hers.look('share-compare')));
    await his.page.getByRole('link', { name: 'You' }).click();
    await his.page.locator('.fingerprint').waitFor();
    faults.push(...(await his.look('you')));
    expect(await wordsIn(shown)).toBe(await wordsIn(his.page.locator('.fingerprint')));
    expect(await shown.locator('svg').innerHTML()).toBe(await his.page.locator('.fingerprint svg').innerHTML());
    expect(await shown.locator('.words li').count()).toBe(12);

    await hers.page.getByRole('button', { name: `Share with ${bob.email}` }).click();
    expect(await hers.page.locator('.rows').getByText(bob.email).count()).toBe(0);
    await hers.page.getByRole('checkbox').check();
    await hers.page.getByRole('button', { name: `Share with ${bob.email}` }).click();
    await hers.page.locator('.rows').getByText(bob.email).waitFor();
    faults.push(...(await hers.look('members')));

    await his.page.getByRole('link', { name: 'Groups' }).click();
    await his.page.getByText('Last: “Place an order” by Jane').waitFor();
    faults.push(...(await his.look('groups')));
    await his.page.getByRole('link', { name: 'Web shop' }).click();
    await his.heading('Web shop').waitFor();
    faults.push(...(await his.look('group')));
    await his.page.getByRole('link', { name: 'Place an order' }).click();
    await his.heading('Place an order').waitFor();
    faults.push(...(await his.look('resource')));
    expect(JSON.parse(await his.page.getByRole('region', { name: 'Content' }).innerText())).toEqual(order);
    expect(await his.squeeze('resource')).toEqual([]);
  });
});

const order = {
  url: 'https://example.com/orders',
  method: 'POST',
  body: '<img src=x onerror=alert(1)>',
  retries: 3,
  safe: false,
};

async function pushByProgram({ email, passphrase }: Somebody): Promise<void> {
  const session = await logInByProgram(new Connection(stack.url), { email, passphrase });
  const [group] = await listGroups(session);
  if (group === undefined) throw new Error('The group is not there.');
  const drafts = [
    { id: 'req_1', name: 'List articles', content: '{"url":"https://example.com/articles"}' },
    { id: 'req_2', name: 'Place an order', content: JSON.stringify(order) },
  ].map((draft, index) => ({
    ...draft,
    type: 'Request',
    baseVersion: null,
    lastEdited: Date.now() - 60_000 * (2 - index),
  }));
  await push(session, group, await Promise.all(drafts.map((draft) => sealResource(group, draft))));
}
