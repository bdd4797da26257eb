import { type Command, common } from '../definition.ts';

/** The token itself, or what stands behind `token=` in a link. */
export const tokenOf = (given: string): string => /[?&]token=([^&\s]+)/.exec(given)?.[1] ?? given;

export const verify: Command = {
  name: 'verify',
  summary: 'confirm your address, with the link of the mail',
  description: ['Does what the button of the page does that the link in the mail opens.'],
  arguments: [{ name: 'link', about: 'the link of the mail, or the code at its end' }],
  options: [common.server],
  examples: [["nightvault verify 'https://vault.example.com/account-verify?token=…'", 'with the quotes']],
  async run(context, input) {
    const link = input.argument('link') ?? '';
    const fromLink = URL.canParse(link) ? link.replace(/\/account-verify\?.*$/, '') : undefined;
    const server = await context.serverUrl(input.text('server') ?? fromLink);
    await context.connect(server).verify(tokenOf(link), { signal: context.signal });
    return { json: { verified: true, server }, text: 'Your address is verified. Now: nightvault login' };
  },
};
