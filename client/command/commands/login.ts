import { hostname } from 'node:os';
import { readPassphrase } from '../asking.ts';
import { type Command, common } from '../definition.ts';
import { moment, printable } from '../layout.ts';
import { warnOfExposure } from '../server-address.ts';
import { email, given } from './signup.ts';

export const login: Command = {
  name: 'login',
  summary: 'log in on this computer',
  description: [
    'Proves to the server that you know your passphrase, without telling it, and keeps the session and your keys: in the keyring of the operating system where there is one, else in a file that only you can read.',
  ],
  options: [
    common.server,
    email,
    common.passphraseFile,
    {
      name: 'label',
      value: 'NAME',
      about: 'what this computer is called in nightvault sessions; its host name unless given',
    },
  ],
  examples: [
    ['nightvault login --server https://vault.example.com --email jane@example.com', 'asks for the passphrase'],
    ['nightvault login --email jane@example.com --passphrase-file ~/.secret', 'asks for nothing'],
  ],
  async run(context, input) {
    const server = await context.serverUrl(input.text('server'));
    warnOfExposure(server, context.world);
    const address = await given(context, input.text('email'), 'Your e-mail address', 'email');
    const source = { env: context.world.env, asking: context.world.asking, file: input.text('passphrase-file') };
    const passphrase = await readPassphrase(source, 'Your passphrase');
    const options = { signal: context.signal, label: (input.text('label') ?? hostname()).slice(0, 100) };
    const account = await context.connect(server).logIn({ email: address, passphrase }, options);
    const ended = await context.replace(account, server);
    const kept = (await context.vault()).place;
    const { expiresAt } = account.save();
    const where =
      kept.place === 'keyring' ? 'encrypted, its key in the keyring' : `in a file that only you can read (${kept.why})`;
    return {
      json: { accountId: account.id, email: account.email, server, expiresAt, ...kept, ended: ended ?? null },
      text: `${ended === undefined ? '' : `The session of ${printable(ended)} that was here has ended. `}Logged in as ${account.email}. The session is kept ${where}; it ends after ${moment(expiresAt)} unless it is used.`,
    };
  },
};
