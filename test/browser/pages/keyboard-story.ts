import { filledGroup } from './steps.ts';
import type { Visitor } from './visitor.ts';
import { somebody, type World } from './world.ts';

/** From the login to a resource and out again, with no mouse. */
export async function byKeyboard(world: World): Promise<void> {
  const jane = somebody('Jane');
  await filledGroup(await world.newSession(jane), 'Web shop');
  const visitor = await world.come();
  const { keyboard } = visitor.page;
  await visitor.page.goto('vault');
  await visitor.heading('Log in').waitFor();
  expect(await focused(visitor)).toBe('Log in');
  await tabTo(visitor, 'E-mail address');
  await keyboard.type(jane.email);
  await tabTo(visitor, 'Passphrase');
  await keyboard.insertText(jane.passphrase);
  await keyboard.press('Enter');
  await visitor.heading('Your groups').waitFor();
  expect(await focused(visitor)).toBe('Your groups');

  await tabTo(visitor, 'Skip to the content', 'Shift+Tab');
  await keyboard.press('Enter');
  expect(await focused(visitor)).toBe('Your groups');
  await tabTo(visitor, 'Web shop');
  await keyboard.press('Enter');
  await visitor.heading('Web shop').waitFor();
  await tabTo(visitor, 'Place an order');
  await keyboard.press('Enter');
  await visitor.heading('Place an order').waitFor();
  await tabTo(visitor, 'Content');
  await keyboard.press('Shift+Tab');
  expect(await focused(visitor)).toBe('‹ Web shop');
  await keyboard.press('Enter');
  await visitor.heading('Web shop').waitFor();
  await tabTo(visitor, 'Filter by name or type');
  await keyboard.type('articles');
  await visitor.page.getByText('1 resource', { exact: true }).waitFor();
  await tabTo(visitor, 'Log out', 'Shift+Tab');
  await keyboard.press('Enter');
  await visitor.page.getByText('You are logged out.').waitFor();
  expect(await focused(visitor)).toBe('Log in');
}

/** What a screen reader says of the element with the focus, by its label, its name or its text. */
const focused = ({ page }: Visitor): Promise<unknown> =>
  page.evaluate(`(() => {
    const { activeElement: node } = document;
    return (node.labels?.[0]?.textContent ?? node.getAttribute('aria-label') ?? node.textContent).trim();
  })()`);

async function tabTo(visitor: Visitor, name: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    if ((await focused(visitor)) === name) return;
    await visitor.page.keyboard.press(key);
  }
  throw new Error(`The keyboard does not reach "${name}".`);
}
