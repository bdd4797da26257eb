import type { Locator } from 'playwright-core';
import { push, sealResource } from '../../../client/changes.ts';
import { createGroup } from '../../../client/group.ts';
import type { Session } from '../../../client/log-in.ts';
import type { Visitor } from './visitor.ts';
import type { Somebody } from './world.ts';

/** In the sign-up that is shown. */
export async function signUp({ page }: Visitor, { email, firstName, passphrase }: Somebody): Promise<void> {
  await page.getByLabel('First name').fill(firstName);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('The same passphrase again', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
}

export async function confirm({ page }: Visitor, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Verify this address' }).click();
  await page.getByText('Your address is verified.').waitFor();
}

/** In the login that is shown. */
export async function logIn({ page }: Visitor, { email, passphrase }: Somebody): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).first().waitFor();
}

/** The twelve words of the one fingerprint in this place. */
export const wordsIn = async (place: Locator): Promise<string> =>
  (await place.locator('.words li').allInnerTexts()).join(' ');

export const order = {
  url: 'https://example.com/orders',
  method: 'POST',
  body: '<img src=x onerror=alert(1)>',
  retries: 3,
  safe: false,
};

/** A group with two resources, made by the functions of the SDK. */
export async function filledGroup(session: Session, name: string, teamId?: string) {
  const group = await createGroup(session, name, teamId);
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
  return group;
}
