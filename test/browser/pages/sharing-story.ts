import type { Locator } from 'playwright-core';
import { confirm, filledGroup, logIn, order, signUp, wordsIn } from './steps.ts';
import { somebody, type World } from './world.ts';

/** From the sign-up to a resource that one shares and the other reads, both in browsers of their own. */
export async function shareAndRead(world: World): Promise<void> {
  const [jane, bob] = [somebody('Jane'), somebody('Bob')];
  const [hers, his] = [await world.come(), await world.come()];
  await hers.page.goto('vault');
  await hers.page.getByRole('link', { name: 'Create an account' }).click();
  await hers.heading('Create an account').waitFor();
  await hers.look('sign-up');
  await hers.squeeze('sign-up');
  await signUp(hers, jane);
  await hers.page.getByText('Open its link and press the button there, then log in.').waitFor();
  await hers.look('sign-up-sent');
  const link = await world.mailedLink(jane.email);
  await hers.page.goto(link);
  await hers.look('verify');
  expect(hers.page.url()).toBe(`${world.stack.url}/account-verify`);
  await confirm(hers, link);
  expect(await hers.page.locator('main').innerText()).not.toMatch(/One press|nothing has happened yet/);
  await hers.look('verified');
  await hers.page.getByRole('link', { name: 'Log in' }).click();
  await hers.look('log-in');
  await logIn(hers, jane);
  await hers.heading('Your groups').waitFor();
  await hers.look('groups-empty');

  await hers.page.getByText('New group').click();
  await hers.page.getByLabel('Name').fill('   ');
  await hers.page.getByRole('button', { name: 'Make the group' }).click();
  const refused = 'document.querySelector("[name=group-name]").validationMessage';
  expect(await hers.page.evaluate(refused)).toBe('Blanks alone are no name: write something that can be seen.');
  await hers.heading('Your groups').waitFor();
  await hers.page.getByLabel('Name').fill('Accounts');
  await hers.page.getByRole('button', { name: 'Make the group' }).click();
  await hers.heading('Accounts').waitFor();
  await hers.look('group-empty');
  await filledGroup(await world.session(jane), 'Web shop');
  await world.newSession(bob);
  await his.page.goto('vault');
  await logIn(his, bob);

  await hers.page.getByRole('link', { name: 'Groups' }).first().click();
  await hers.page.getByRole('link', { name: 'Web shop' }).click();
  await hers.page.getByRole('link', { name: 'Members and sharing' }).click();
  await hers.page.getByLabel('Their e-mail address').fill(bob.email);
  await hers.page.getByLabel('They').selectOption('editor');
  const lookUp = hers.page.getByRole('button', { name: 'Look up their key' });
  const shown = hers.page.locator('form .fingerprint');
  for (const changedMind of [(cancel: Locator) => cancel.press('Enter'), () => hers.page.keyboard.press('Escape')]) {
    await lookUp.click();
    await shown.waitFor();
    await changedMind(hers.page.getByRole('button', { name: 'Cancel' }));
    await shown.waitFor({ state: 'detached' });
  }
  expect(await hers.page.getByLabel('Their e-mail address').inputValue()).toBe(bob.email);
  await lookUp.click();
  await shown.waitFor();
  await hers.look('share-compare');
  await his.page.getByRole('link', { name: 'You', exact: true }).click();
  const own = his.page.locator('.fingerprint');
  await own.waitFor();
  await his.look('you');
  await his.squeeze('you');
  expect(await wordsIn(shown)).toBe(await wordsIn(own));
  expect(await wordsIn(own)).toMatch(/^([a-z]+ ){11}[a-z]+$/);
  expect(await shown.locator('svg').innerHTML()).toBe(await own.locator('svg').innerHTML());

  const share = hers.page.getByRole('button', { name: `Share with ${bob.email}` });
  await share.click();
  expect(await hers.page.evaluate('document.querySelector("[type=checkbox]").validity.valueMissing')).toBe(true);
  await hers.page.getByRole('checkbox').check();
  await share.click();
  await hers.page.locator('.rows').getByText(bob.email).waitFor();
  await hers.look('members');

  await his.page.getByRole('link', { name: 'Groups' }).click();
  await his.page.getByText('Last: “Place an order” by Jane, edited').waitFor();
  await his.look('groups');
  await his.page.getByRole('link', { name: 'Web shop' }).click();
  await his.heading('Web shop').waitFor();
  await his.look('group');
  await his.page.getByRole('link', { name: 'Place an order' }).click();
  await his.heading('Place an order').waitFor();
  await his.look('resource');
  await his.squeeze('resource');
  expect(JSON.parse(await his.page.getByRole('region', { name: 'Content' }).innerText())).toEqual(order);
}
