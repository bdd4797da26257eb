import { Connection } from '../../../client/connection.ts';
import { signUp } from '../../../client/sign-up.ts';
import { logIn } from './steps.ts';
import { somebody, type World } from './world.ts';

/** What goes wrong is said: what happened, and what to do. */
export async function refusals(world: World): Promise<void> {
  const jane = somebody('Jane');
  await signUp(new Connection(world.stack.url), { ...jane, lastName: '' });
  const visitor = await world.come();
  const { page } = visitor;
  await page.goto('vault');
  const [email, passphrase] = [page.getByLabel('E-mail address'), page.getByLabel('Passphrase', { exact: true })];
  const button = page.getByRole('button', { name: 'Log in' });
  const alert = page.getByRole('alert').filter({ hasText: /./ });

  await email.fill(jane.email);
  await passphrase.fill('not the passphrase');
  await button.click();
  expect(await alert.innerText()).toBe(
    'The address or the passphrase is wrong. Check both, capitals included, and try again.',
  );
  await visitor.look('log-in-failed');
  await passphrase.fill(jane.passphrase);
  await button.click();
  await page.getByRole('button', { name: 'Send the mail again' }).click();
  await page.getByText(`A mail is on its way to ${jane.email}.`).waitFor();
  await page.goto(await world.mailedLink(jane.email, 2));
  await page.getByRole('button', { name: 'Verify this address' }).click();
  await page.getByText('Your address is verified.').waitFor();
  for (const cutOff of ['account-verify?token=zz', 'email-change-confirm']) {
    await page.goto(cutOff);
    await page.getByRole('heading', { name: 'This link is not whole' }).waitFor();
    await visitor.look('link-cut-off');
  }
  await page.goto('invite-accept');
  await logIn(visitor, jane);
  await page.getByText(`No invite waits for ${jane.email}.`).waitFor();
  await page.goto('passphrase-reset-finish');
  await page.getByText('This address holds no code. Open the link in the mail once more.').waitFor();

  await page.goto('vault');
  await logIn(visitor, jane);
  await page.route('**/*', (route) => route.abort());
  await page.getByRole('link', { name: 'People' }).click();
  await visitor.heading('That did not work').waitFor();
  expect(await page.getByRole('alert').innerText()).toBe(
    `No answer from ${world.stack.url}. Check your connection, then try again.`,
  );
  await visitor.look('no-answer');
  await page.unroute('**/*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await visitor.heading('People').waitFor();
}

/** A browser without scripts confirms an address all the same, and is told what the vault needs them for. */
export async function withoutScripts(world: World): Promise<void> {
  const jane = somebody('Jane');
  await signUp(new Connection(world.stack.url), { ...jane, lastName: '' });
  const { page } = await world.come({ scripts: false });
  await page.goto(await world.mailedLink(jane.email));
  await page.getByRole('button', { name: 'Verify this address' }).click();
  await page.getByRole('heading', { name: 'Your address is verified' }).waitFor();
  await page.getByRole('link', { name: 'Log in' }).click();
  expect(await page.locator('noscript p').innerText()).toContain('for that this page needs scripts');
}
