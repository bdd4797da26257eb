import { findRecipient, share } from '../../../client/group.ts';
import { filledGroup, logIn, wordsIn } from './steps.ts';
import { somebody, type World } from './world.ts';

/** A forgotten passphrase: what it costs is shown first, and who kept the keys lets its owner in again. */
export async function resetAndReturn(world: World): Promise<void> {
  const [jane, bob] = [somebody('Jane'), somebody('Bob')];
  const [session] = await Promise.all([world.newSession(jane), world.newSession(bob)]);
  await filledGroup(session, 'Only hers');
  await share(session, await filledGroup(session, 'Theirs'), await findRecipient(session, bob.email), 'admin');

  const [hers, his] = [await world.come(), await world.come()];
  await hers.page.goto('vault#/forgot');
  await hers.look('forgot');
  await hers.page.getByLabel('E-mail address').fill(jane.email);
  await hers.page.getByRole('button', { name: 'Send me a link' }).click();
  await hers.page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
  const link = await world.mailedLink(jane.email, 2);
  await hers.page.goto(link);
  await hers.page.getByRole('heading', { name: 'Lost for good: 1 group' }).waitFor();
  expect(hers.page.url()).toBe(`${world.stack.url}/passphrase-reset-finish`);
  const [lost, kept] = await hers.page.locator('.rows').allInnerTexts();
  expect(lost).toMatch(/^Only hers\s+you are its admin$/);
  expect(kept).toMatch(/^Theirs\s+can be opened again by Bob$/);
  await hers.look('reset');
  await hers.squeeze('reset');

  const next = { ...jane, passphrase: 'another evening, другой пирс' };
  const [first, second] = ['New passphrase', 'The same passphrase again'].map((name) =>
    hers.page.getByLabel(name, { exact: true }),
  );
  const set = hers.page.getByRole('button', { name: 'Set it, and lose 1 group' });
  await hers.page.getByRole('checkbox').check();
  await first?.fill('password1');
  await hers.page.getByText('Too easy to guess.').waitFor();
  await second?.fill('password1');
  await set.click();
  await hers.page.getByText('Passphrase is too easy to guess').waitFor();
  await first?.fill(next.passphrase);
  await hers.page.getByText('Strong.').waitFor();
  await set.click();
  await hers.page.getByText('Passphrase is not the same in both fields').waitFor();
  await second?.fill(next.passphrase);
  await set.click();
  await hers.page.getByRole('heading', { name: 'Your passphrase is new' }).waitFor();
  await hers.look('reset-done');

  await hers.page.goto(link);
  await hers.page.getByRole('link', { name: 'Ask for another mail' }).waitFor();
  await hers.look('reset-over');
  await hers.page.goto('vault');
  await logIn(hers, next);
  await hers.page.getByText('Closed until somebody lets you in: ask Bob.').waitFor();
  await hers.page.getByText('Nobody has its key any more.').waitFor();
  await hers.look('groups-closed');
  await hers.page.getByRole('link', { name: 'You', exact: true }).click();

  await his.page.goto('vault#/people');
  await logIn(his, bob);
  await his.page.getByRole('heading', { name: 'Jane waits to be let in' }).waitFor();
  await his.look('people-reset');
  expect(await wordsIn(his.page.locator('.fingerprint'))).toBe(await wordsIn(hers.page.locator('.fingerprint')));
  await his.page.getByRole('checkbox').check();
  await his.page.getByRole('button', { name: 'Let Jane in' }).click();
  await his.page.getByRole('heading', { name: 'Nobody waits for you' }).waitFor();
  await hers.page.getByRole('link', { name: 'Groups' }).click();
  await hers.page.getByRole('link', { name: 'Theirs' }).click();
  await hers.page.getByRole('link', { name: 'Place an order' }).waitFor();
}
