import type { Context } from '../context.ts';
import { type Command, common, type Input, type Result } from '../definition.ts';
import { usage } from '../failures.ts';
import { printable } from '../layout.ts';
import { mailedCode } from '../mailed-code.ts';
import { email, given } from './signup.ts';

export const verify: Command = {
  name: 'verify',
  summary: 'confirm your address, with the link of the mail',
  description: [
    'Does what the button of the page does that the link in the mail opens. --resend has another mail sent, to an address that waits to be confirmed.',
  ],
  arguments: [{ name: 'link', optional: true, about: 'the link of the mail, or the code at its end' }],
  options: [{ name: 'resend', about: 'has another mail sent, and does nothing else' }, email, common.server],
  examples: [
    ["nightvault verify 'https://vault.example.com/account-verify?token=…'", 'with the quotes'],
    ['nightvault verify --resend --email jane@example.com', ''],
  ],
  async run(context, input) {
    if (input.flag('resend')) return resend(context, input);
    const link = input.argument('link');
    if (link === undefined) {
      throw usage('It is not said what to verify.', 'No link is given.', 'Give that of the mail, or --resend.');
    }
    const { code, server: itsOwn } = mailedCode(link);
    const server = await context.serverUrl(input.text('server') ?? itsOwn);
    await context.connect(server).verify(code, { signal: context.signal });
    return { json: { verified: true, server }, text: 'Your address is verified. Now: nightvault login' };
  },
};

async function resend(context: Context, input: Input): Promise<Result> {
  const address = await given(context, input.text('email'), 'Your e-mail address', 'email');
  const server = context.connect(await context.serverUrl(input.text('server')));
  await server.resendVerification(address, { signal: context.signal });
  return {
    json: { email: address, status: 'link-sent' },
    text: `If ${printable(address)} waits to be confirmed, another mail is on its way.`,
  };
}
