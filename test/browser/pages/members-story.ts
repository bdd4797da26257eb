import { findRecipient, listGroups, share } from '../../../client/group.ts';
import { filledGroup, logIn, wordsIn } from './steps.ts';
import { somebody, type World } from './world.ts';

/** A group gets a new key with Bob in it, then he is removed, and it gets another without him. */
export async function removeAndRotate(world: World): Promise<void> {
  const [jane, bob] = [somebody('Jane'), somebody('Bob')];
  const [session] = [await world.newSession(jane), await world.newSession(bob)];
  const group = await filledGroup(session, 'Web shop');
  await share(session, group, await findRecipient(session, bob.email), 'editor');
  const epoch = async () => (await listGroups(session)).find(({ id }) => id === group.id)?.keyEpoch;

  const [hers, his] = [await world.come(), await world.come()];
  for (const [visitor, who] of [
    [hers, jane],
    [his, bob],
  ] as const) {
    await visitor.page.goto('vault');
    await logIn(visitor, who);
  }
  await his.page.getByRole('link', { name: 'You', exact: true }).click();
  await his.page.locator('.fingerprint').waitFor();
  await hers.page.getByRole('link', { name: 'Web shop' }).click();
  await hers.page.getByRole('link', { name: 'Members and sharing' }).click();
  await hers.page.getByText('Give the group a new key').click();
  await hers.page.getByRole('button', { name: 'Look up the keys of its members' }).click();
  const shown = hers.page.locator('form .fingerprint');
  await shown.waitFor();
  expect(await wordsIn(shown)).toBe(await wordsIn(his.page.locator('.fingerprint')));
  await hers.look('rotation');
  const make = hers.page.getByRole('button', { name: 'Make the new key' });
  await make.click();
  expect(await hers.page.evaluate('document.querySelector("[type=checkbox]").validity.valueMissing')).toBe(true);
  expect(await epoch()).toBe(1);
  await hers.page.getByRole('checkbox').check();
  await make.click();
  await shown.waitFor({ state: 'detached' });
  expect(await epoch()).toBe(2);

  await hers.page.getByRole('button', { name: 'Remove Bob from the group' }).click();
  await hers.page.getByRole('button', { name: 'Keep Bob' }).click();
  await hers.page.getByRole('button', { name: 'Remove Bob from the group' }).click();
  await hers.look('removal');
  await hers.page.getByRole('button', { name: 'Remove Bob', exact: true }).click();
  await hers.page.getByRole('heading', { name: 'This group needs a new key' }).waitFor();
  expect(await hers.page.getByText(bob.email).count()).toBe(0);
  await hers.look('rotation-required');
  await hers.page.getByRole('button', { name: 'Look up the keys of its members' }).click();
  await hers.page.getByText('Nobody else is in the group: the new key is yours alone.').waitFor();
  await make.click();
  await hers.page.getByText('Give the group a new key').waitFor();
  expect(await epoch()).toBe(3);

  await his.page.getByRole('link', { name: 'Groups' }).click();
  await his.page.getByRole('heading', { name: 'No groups yet' }).waitFor();
}
