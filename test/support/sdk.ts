import { type Account, type ConnectOptions, type NewAccount, Nightvault } from '../../client/index.ts';
import { mailedToken } from './people.ts';
import type { TestStack } from './stack.ts';

export const jane: NewAccount = {
  email: 'jane@example.com',
  passphrase: 'lanterns on the pier at dusk',
  firstName: 'Jane',
  lastName: '',
};
export const bob: NewAccount = { ...jane, email: 'bob@example.com', passphrase: 'zwölf Meter Seil', firstName: 'Bob' };

/** Signed up, verified and logged in. */
export async function enter(stack: TestStack, person: NewAccount, options: ConnectOptions = {}): Promise<Account> {
  const server = Nightvault.connect(stack.url, options);
  await server.signUp(person);
  await server.verify(await mailedToken(stack, person.email));
  return server.logIn(person);
}

/** New resources with contents of their own. */
export const drafts = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({
    id: `req_${from + n}`,
    type: 'Request',
    name: `Request ${from + n}`,
    content: JSON.stringify({ url: `https://example.com/ü/${from + n}` }),
    baseVersion: null as string | null,
    lastEdited: 1_700_000_000_000,
  }));

/** Everything an iterator gives. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
