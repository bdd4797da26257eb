import * as z from 'zod';
import { Connection } from '../../client/connection.ts';
import { AnswerUnreadable, Unreachable } from '../../client/failures.ts';
import { configuration, healthz } from '../../shared/protocol/configuration.ts';
import { StartError } from '../start-error.ts';

const mail = z.object({ id: z.string(), to: z.string(), subject: z.string(), text: z.string() });
export type Mail = z.infer<typeof mail>;

const fields = z.record(z.string(), z.unknown());
const documents = z.record(z.string(), z.object({ fields: fields.optional(), collections: z.unknown().optional() }));
const collections = z.record(z.string(), documents);

/** Fields of a document as the store holds them. */
export type StoredFields = z.infer<typeof fields>;

/** The parts of a running local stack that no deployed system has: the mailbox, and the view into the store. */
export class LocalStack {
  readonly url: string;

  constructor(url: string) {
    this.url = url.replace(/\/+$/, '');
  }

  /** @throws StartError when there is no local stack at this address */
  async check(): Promise<void> {
    try {
      await new Connection(this.url, noWait).get('configuration', configuration, {});
      await this.mails();
    } catch (cause) {
      const what = `There is no local Nightvault at ${this.url}: start one with npm start, or leave --url out.`;
      throw new StartError(what, { cause });
    }
  }

  async mails(): Promise<Mail[]> {
    return z.array(mail).parse(await this.#view('mail'));
  }

  /**
   * The newest mail to this address whose subject fits.
   * @param before mails that do not count: those that were there before what it answers
   * @throws Error when none has come in ten seconds
   */
  async waitForMail(to: string, subject: RegExp, before: readonly Mail[] = []): Promise<Mail> {
    const old = new Set(before.map(({ id }) => id));
    const fits = (each: Mail) => each.to === to && subject.test(each.subject) && !old.has(each.id);
    const deadline = performance.now() + 10_000;
    while (performance.now() < deadline) {
      const found = (await this.mails()).findLast(fits);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`No mail to ${to} came within 10 seconds. Is email-deliver in the server's output?`);
  }

  /** Everything in the store, as one text to search in. */
  async everything(): Promise<string> {
    return JSON.stringify(await this.#view('store'));
  }

  /** Whether an account with this address is in the store. */
  async knows(email: string): Promise<boolean> {
    const { accounts = {} } = collections.parse(await this.#view('store'));
    return Object.values(accounts).some((account) => account.fields?.email === email);
  }

  /** One resource as stored. */
  async resource(groupId: string, id: string): Promise<StoredFields> {
    const { groups = {} } = collections.parse(await this.#view('store'));
    const { resources = {} } = collections.parse(groups[groupId]?.collections ?? {});
    const found = resources[id]?.fields;
    if (found === undefined) throw new Error(`The store holds no resource ${id} in the group ${groupId}.`);
    return found;
  }

  async #view(name: 'mail' | 'store'): Promise<unknown> {
    const url = `${this.url}/_local/${name}`;
    const response = await fetch(url).catch((cause) => {
      throw new Unreachable(this.url, cause);
    });
    if (!response.ok) throw new AnswerUnreadable(url, `status ${response.status}`);
    return response.json();
  }
}

/** The token behind the link of a mail. */
export function tokenIn({ text, subject }: Pick<Mail, 'text' | 'subject'>): string {
  const token = /\?token=([A-Za-z0-9_-]{43})/.exec(text)?.[1];
  if (token === undefined) throw new Error(`The mail "${subject}" holds no link with a token.`);
  return token;
}

/** Whether a Nightvault answers there at once. */
export async function isRunning(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1_000) });
    return healthz.output.safeParse(await response.json()).success;
  } catch {
    return false;
  }
}

const noWait = async () => {};
