import { type Account, Nightvault } from 'nightvault';

/** The local stack (`npm start`), unless another is named. */
export const url = process.env.NIGHTVAULT_URL ?? 'http://127.0.0.1:8080';
export const passphrase = 'lanterns on the pier at dusk';

/** An address that nobody has yet. */
export const newAddress = (name: string) => `${name}+${crypto.randomUUID().slice(0, 8)}@example.com`;

export const print = (...words: unknown[]) => void process.stdout.write(`${words.join(' ')}\n`);

/** The token of the newest mail to an address, as the mailbox of the local stack has it: your users click on its link. */
export async function mailedToken(email: string): Promise<string> {
  for (let time = 0; time < 100; time += 1) {
    const mails = (await (await fetch(`${url}/_local/mail`)).json()) as { to: string; text: string }[];
    const token = /\?token=([\w-]{43})/.exec(mails.findLast(({ to }) => to === email)?.text ?? '')?.[1];
    if (token !== undefined) return token;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No mail with a link came to ${email}.`);
}

/** Somebody with an account: see sign-up.ts. */
export async function enter(name: string): Promise<Account> {
  const server = Nightvault.connect(url);
  const email = newAddress(name);
  await server.signUp({ email, passphrase, firstName: name, lastName: '' });
  await server.verify(await mailedToken(email));
  return server.logIn({ email, passphrase });
}
