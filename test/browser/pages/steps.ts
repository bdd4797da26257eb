import type { Stack } from '../../../emulator/stack.ts';
import type { Visitor } from './visitor.ts';

export interface Somebody {
  readonly email: string;
  readonly firstName: string;
  readonly passphrase: string;
}

/** The address of the first link in the newest mail. @param count how many mails have come by then */
export async function mailedLink({ mailbox }: Pick<Stack, 'mailbox'>, email: string, count = 1): Promise<string> {
  const { text, subject } = await mailbox.waitFor(email, count);
  const link = /^https?:\S+$/m.exec(text)?.[0];
  if (link === undefined) throw new Error(`The mail "${subject}" holds no link.`);
  return link;
}

export async function signUp({ page }: Visitor, { email, firstName, passphrase }: Somebody): Promise<void> {
  await page.goto('vault#/sign-up');
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
export async function logIn(visitor: Visitor, { email, passphrase }: Somebody): Promise<void> {
  const { page } = visitor;
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

/** The twelve words of the one fingerprint that is shown in this place. */
export async function wordsIn(place: ReturnType<Visitor['page']['locator']>): Promise<string> {
  return (await place.locator('.words li').allInnerTexts()).join(' ');
}
