import { logIn } from './steps.ts';
import type { Visitor } from './visitor.ts';
import { type Somebody, somebody, type World } from './world.ts';

/** One page ends the session of another; nothing of a session outlives its page. */
export async function endSessions(world: World): Promise<void> {
  const jane = somebody('Jane');
  await world.newSession(jane);
  const [here, there] = [await world.come(), await world.come()];
  for (const visitor of [there, here]) {
    await visitor.page.goto('vault');
    await logIn(visitor, jane);
  }
  await here.page.getByRole('link', { name: 'You', exact: true }).click();
  await here.heading('You').waitFor();
  // The test's own, and the two pages.
  const ends = here.page.getByRole('button', { name: /^End the session/ });
  await ends.nth(1).waitFor();
  expect(await ends.count()).toBe(2);
  await here.page.getByText('logged in just now, last used just now').first().waitFor();
  await here.look('sessions');
  await here.page.getByRole('button', { name: 'End the session Chrome on Linux' }).click();
  await here.page.getByRole('button', { name: 'End the session Chrome on Linux' }).waitFor({ state: 'detached' });
  await ends.first().waitFor();
  expect(await ends.count()).toBe(1);

  await there.page.getByRole('link', { name: 'People' }).click();
  await there.page.getByText('Your session has ended. Log in again.').waitFor();
  await there.look('session-ended');
  await logIn(there, jane);
  await there.heading('Your groups').waitFor();

  const next = { ...jane, passphrase: `${jane.passphrase}, and the boats are in` };
  await changePassphrase(here, jane, next);
  await there.page.getByRole('link', { name: 'People' }).click();
  await there.page.getByText('Your session has ended. Log in again.').waitFor();
  await logIn(there, next);
  await there.heading('Your groups').waitFor();

  const kept = '[localStorage.length, sessionStorage.length, document.cookie]';
  expect(await here.page.evaluate(kept)).toEqual([0, 0, '']);
  await here.page.getByRole('button', { name: 'Log out', exact: true }).first().click();
  await here.page.getByText('You are logged out.').waitFor();
  await here.page.goBack();
  await here.heading('Log in').waitFor();
  await there.page.reload();
  await there.heading('Log in').waitFor();
}

/** On the page “You”; with a wrong passphrase first, and then nothing is changed. */
async function changePassphrase(visitor: Visitor, old: Somebody, next: Somebody): Promise<void> {
  const { page } = visitor;
  await page.getByText('Change the passphrase').click();
  const present = page.getByLabel('The passphrase you have now', { exact: true });
  await present.fill('not the passphrase');
  await page.getByLabel('New passphrase', { exact: true }).fill(next.passphrase);
  await page.getByLabel('The same passphrase again', { exact: true }).fill(next.passphrase);
  await page.getByRole('button', { name: 'Set the new passphrase' }).click();
  await page.getByText('Nothing was changed. The passphrase you have now is another.').waitFor();
  await visitor.look('passphrase-change');
  await present.fill(old.passphrase);
  await page.getByRole('button', { name: 'Set the new passphrase' }).click();
  // The test's own, and the other page's.
  await page.getByText('Your passphrase is new. 2 other sessions ended.').waitFor();
  await page.getByText('Change the passphrase').waitFor();
}
