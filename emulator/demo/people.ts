import { Connection } from '../../client/connection.ts';
import { type Credentials, logIn, type Session } from '../../client/log-in.ts';
import { type NewAccount, signUp, verifyAddress } from '../../client/sign-up.ts';
import { type LocalStack, tokenIn } from './local-stack.ts';

/** Jane and Bob of the standards document; on a server that knows them already, namesakes of theirs. */
export async function janeAndBob(stack: LocalStack): Promise<[NewAccount, NewAccount]> {
  const taken = await Promise.all(['jane@example.com', 'bob@example.com'].map((email) => stack.knows(email)));
  const suffix = taken.includes(true) ? `+${crypto.randomUUID().slice(0, 8)}` : '';
  const person = (name: string, passphrase: string) => ({
    email: `${name.toLowerCase()}${suffix}@example.com`,
    passphrase,
    firstName: name,
    lastName: '',
  });
  return [person('Jane', 'lanterns on the pier at dusk'), person('Bob', 'twelve metres of waxed rope')];
}

/** Signs up, reads the mail, presses its button. Says how that went. */
export async function join(stack: LocalStack, person: NewAccount): Promise<string> {
  const connection = new Connection(stack.url);
  // Somebody with this address may have had an account before.
  const before = await stack.mails();
  const started = performance.now();
  await signUp(connection, person);
  const signedUp = performance.now();
  const mail = await stack.waitForMail(person.email, /Verify/, before);
  const arrived = performance.now();
  await verifyAddress(connection, tokenIn(mail));
  const times = `signed up in ${ms(signedUp - started)}, mail after ${ms(arrived - signedUp)}`;
  return `${person.email}  ${times}: “${mail.subject}”. Verified.`;
}

/** Logs in. Says how long that took. */
export async function enter(stack: LocalStack, person: Credentials): Promise<{ session: Session; told: string }> {
  const started = performance.now();
  const session = await logIn(new Connection(stack.url), person);
  const time = ms(performance.now() - started);
  return { session, told: `${person.email}  logged in in ${time}; the account's keys are open on this side only.` };
}

const ms = (time: number): string => `${Math.round(time)} ms`;
