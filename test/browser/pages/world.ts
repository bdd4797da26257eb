import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { Connection } from '../../../client/connection.ts';
import { logIn, type Session } from '../../../client/log-in.ts';
import { signUp, verifyAddress } from '../../../client/sign-up.ts';
import { mailedToken } from '../../support/people.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';
import { launchChromium } from '../chromium.ts';
import { Visitor } from './visitor.ts';

export interface Somebody {
  readonly email: string;
  readonly firstName: string;
  readonly passphrase: string;
}

/** Somebody new; nothing is sent yet. */
export const somebody = (firstName: 'Jane' | 'Bob'): Somebody => ({
  firstName,
  email: `${firstName.toLowerCase()}+${randomBytes(4).toString('hex')}@example.com`,
  passphrase: `${firstName} über dem Pier, still at dusk`,
});

/** One stack and one browser, and whoever visits the pages in it. */
export class World {
  readonly stack: TestStack;
  readonly #browser: Browser;
  readonly #visitors: Visitor[] = [];

  private constructor(stack: TestStack, browser: Browser) {
    this.stack = stack;
    this.#browser = browser;
  }

  static async begin(): Promise<World> {
    const [stack, browser] = await Promise.all([startTestStack(), launchChromium()]);
    return new World(stack, browser);
  }

  async end(): Promise<void> {
    await this.#browser.close();
    await this.stack.stop();
  }

  /** @param options.scripts without, the browser runs none */
  async come(options: { readonly scripts?: boolean } = {}): Promise<Visitor> {
    const visitor = await Visitor.come(this.#browser, this.stack.url, options);
    this.#visitors.push(visitor);
    return visitor;
  }

  /** Sends all visitors away. @returns what their browsers complained of, and what axe found */
  async part(): Promise<string[]> {
    const visitors = this.#visitors.splice(0);
    await Promise.all(visitors.map((visitor) => visitor.leave()));
    return visitors.flatMap((visitor) => visitor.complaints());
  }

  /** Signed up, verified and logged in by the functions of the SDK, in this process. */
  async newSession(person: Somebody): Promise<Session> {
    const connection = new Connection(this.stack.url);
    await signUp(connection, { ...person, lastName: '' });
    await verifyAddress(connection, await mailedToken(this.stack, person.email));
    return this.session(person);
  }

  session({ email, passphrase }: Somebody): Promise<Session> {
    return logIn(new Connection(this.stack.url), { email, passphrase });
  }

  /** The link in a mail. @param count how many mails to this address have come by then */
  async mailedLink(email: string, count = 1): Promise<string> {
    const { text, subject } = await this.stack.mailbox.waitFor(email, count);
    const link = /^https?:\S+$/m.exec(text)?.[0];
    if (link === undefined) throw new Error(`The mail "${subject}" holds no link.`);
    return link;
  }
}
