import { listTeams } from '../../../client/team.ts';
import { confirm, filledGroup, logIn, signUp, wordsIn } from './steps.ts';
import { somebody, type World } from './world.ts';

/** Somebody without an account is invited, comes, compares and reads. */
export async function inviteAndConfirm(world: World): Promise<void> {
  const [jane, bob] = [somebody('Jane'), somebody('Bob')];
  const session = await world.newSession(jane);
  const [hers, his] = [await world.come(), await world.come()];
  await hers.page.goto('vault#/people');
  await logIn(hers, jane);
  await hers.heading('People').waitFor();
  await hers.page.getByText('Invite somebody').click();
  await hers.look('people-invite');
  await hers.page.getByLabel('Their e-mail address').fill(bob.email);
  await hers.page.getByLabel('Name of the new team').fill('Harbour');
  await hers.page.getByRole('button', { name: 'Send the invite' }).click();
  await hers.page.locator('.rows').getByText(bob.email).waitFor();
  const team = (await listTeams(session)).find(({ name }) => name === 'Harbour');
  await filledGroup(session, 'Harbour shop', team?.id);

  const invite = await world.mailedLink(bob.email);
  await his.page.goto(invite);
  await his.page.getByText('You are invited to a team. Log in to answer').waitFor();
  expect(his.page.url()).toBe(`${world.stack.url}/invite-accept`);
  await his.look('invite-log-in');
  await his.page.getByRole('link', { name: 'Create an account' }).click();
  await signUp(his, bob);
  await confirm(his, await world.mailedLink(bob.email, 2));
  await his.page.goto(invite);
  await logIn(his, bob);
  await his.page.getByText(`Jane (${jane.email}) invites you to the team “Harbour”.`).waitFor();
  await his.look('invite');
  await his.page.getByRole('button', { name: 'Accept' }).click();
  await his.page.getByRole('heading', { name: 'You are in “Harbour”' }).waitFor();
  await his.look('invite-accepted');
  await his.squeeze('invite-accepted');

  await hers.page.getByRole('link', { name: 'You', exact: true }).click();
  await hers.page.locator('.fingerprint').waitFor();
  const [ofBob, ofJane] = [his.page.locator('.fingerprint').first(), his.page.locator('.fingerprint').last()];
  expect(await wordsIn(ofJane)).toBe(await wordsIn(hers.page.locator('.fingerprint')));
  await hers.page.getByRole('link', { name: 'People' }).click();
  await hers.page.getByRole('heading', { name: 'Bob waits to be let in' }).waitFor();
  await hers.look('people-confirm');
  expect(await wordsIn(hers.page.locator('.fingerprint'))).toBe(await wordsIn(ofBob));
  await hers.page.getByRole('checkbox').check();
  await hers.page.getByRole('button', { name: 'Let Bob in' }).click();
  await hers.page.getByRole('heading', { name: 'Nobody waits for you' }).waitFor();

  await his.page.getByRole('link', { name: 'To your groups' }).click();
  await his.page.getByRole('link', { name: 'Harbour shop' }).click();
  await his.page.getByRole('link', { name: 'Place an order' }).waitFor();
}
