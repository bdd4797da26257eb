import { readPassphrase } from '../asking.ts';
import type { Context } from '../context.ts';
import { type Command, common, type Input, type Result } from '../definition.ts';
import { printable } from '../layout.ts';
import { mailedCode } from '../mailed-code.ts';

export const address: Command = {
  name: 'address',
  summary: 'change your e-mail address',
  description: [
    '`change` has a link mailed to the new address; nothing changes until it is used. `confirm` does what the button of the page does that the link opens: the old address is told, and every device is logged out.',
    'The address is part of what your passphrase opens, so the passphrase is asked for; it stays the same.',
  ],
  arguments: [
    { name: 'action', about: 'what to do', choices: ['change', 'confirm'] },
    { name: 'address-or-link', about: 'of change: the new address; of confirm: the link, or the code at its end' },
  ],
  options: [common.passphraseFile, common.server],
  examples: [
    ['nightvault address change jane@example.com', 'sends a mail'],
    ["nightvault address confirm 'https://vault.example.com/email-change-confirm?token=…'", 'with the quotes'],
  ],
  run: (context, input) => (input.argument('action') === 'change' ? change(context, input) : confirm(context, input)),
};

async function change(context: Context, input: Input): Promise<Result> {
  const account = await context.account();
  const email = (input.argument('address-or-link') ?? '').trim();
  const passphrase = await readPassphrase({ ...context.world, file: input.text('passphrase-file') }, 'Your passphrase');
  await account.changeAddress({ email, passphrase }, { signal: context.signal });
  return {
    json: { email, status: 'link-sent' },
    text: `A mail is on its way to ${printable(email)}. Then: nightvault address confirm LINK`,
  };
}

async function confirm(context: Context, input: Input): Promise<Result> {
  const { code, server: itsOwn } = mailedCode(input.argument('address-or-link') ?? '');
  const server = context.connect(await context.serverUrl(input.text('server') ?? itsOwn));
  await server.confirmAddress(code, { signal: context.signal });
  return { json: { confirmed: true }, text: 'Your address is changed. Now, with the new one: nightvault login' };
}
