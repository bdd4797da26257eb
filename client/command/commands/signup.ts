import { readPassphrase } from '../asking.ts';
import type { Context } from '../context.ts';
import { type Command, common, type Input } from '../definition.ts';
import { usage } from '../failures.ts';
import { warnOfExposure } from '../server-address.ts';

/** What is asked for unless it was given. */
export async function given(
  context: Context,
  value: string | undefined,
  question: string,
  option: string,
): Promise<string> {
  if (value !== undefined) return value;
  if (context.world.asking.possible) return context.world.asking.line(question);
  throw usage(`${question} is missing.`, 'Nobody can be asked here: this is no terminal.', `Say it with --${option}.`);
}

/** That of `--email`, else of who is logged in, else as asked for. */
export async function ownAddress(context: Context, input: Input): Promise<string> {
  return given(context, input.text('email') ?? (await context.ownAddress()), 'Your e-mail address', 'email');
}

export const email = { name: 'email', value: 'ADDRESS', about: 'your e-mail address' } as const;

export const signup: Command = {
  name: 'signup',
  summary: 'make an account',
  description: [
    'Makes your keys here and sends the server what it may know: your address, your names, public keys, and boxes that only your passphrase opens. A mail with a link follows; then see nightvault verify.',
    'The server cannot reset your passphrase for you. Whoever forgets it loses what nobody shares with them.',
  ],
  options: [
    common.server,
    email,
    { name: 'first-name', value: 'NAME', about: 'your first name; others of your groups see it' },
    { name: 'last-name', value: 'NAME', about: 'your last name, if you like' },
    common.passphraseFile,
  ],
  examples: [['nightvault signup --server https://vault.example.com --email jane@example.com', 'asks for the rest']],
  async run(context, input) {
    const server = await context.serverUrl(input.text('server'));
    warnOfExposure(server, context.world);
    const address = await given(context, input.text('email'), 'Your e-mail address', 'email');
    const firstName = await given(context, input.text('first-name'), 'Your first name', 'first-name');
    const source = { env: context.world.env, asking: context.world.asking, file: input.text('passphrase-file') };
    const passphrase = await readPassphrase(source, 'A passphrase', { twice: true });
    const person = { email: address, passphrase, firstName, lastName: input.text('last-name') ?? '' };
    await context.connect(server).signUp(person, { signal: context.signal });
    return {
      json: { email: address, server, status: 'verification-sent' },
      text: `A mail is on its way to ${address}. Open its link, or: nightvault verify LINK`,
    };
  },
};
