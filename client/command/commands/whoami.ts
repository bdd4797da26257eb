import { fingerprintWords } from '../../../shared/crypto/words.ts';
import type { Command } from '../definition.ts';
import { columns, printable } from '../layout.ts';

export const whoami: Command = {
  name: 'whoami',
  summary: 'who is logged in, and the fingerprint others compare',
  description: [
    'Asks the server whether the session still lives. The fingerprint is made here, from your key: read it, or the words, to whoever wants to share something with you.',
  ],
  examples: [['nightvault whoami --json', '']],
  async run(context) {
    const account = await context.account();
    await account.refresh({ signal: context.signal });
    const { server } = await context.saved();
    await context.remember(account, server);
    const fingerprint = await account.fingerprint();
    const words = await fingerprintWords(fingerprint);
    const { id: accountId, email, firstName, lastName } = account;
    return {
      json: { accountId, email, firstName, lastName, server, fingerprint, words },
      text: columns([
        ['address', email],
        ['name', printable(`${firstName} ${lastName}`.trim())],
        ['account', accountId],
        ['server', server],
        ...inTwo('fingerprint', fingerprint.split(' ')),
        ...inTwo('in words', words),
      ]),
    };
  },
};

/** What is too long for a line of a terminal. */
const inTwo = (label: string, words: readonly string[]): string[][] => {
  const half = words.length / 2;
  return [
    [label, words.slice(0, half).join(' ')],
    ['', words.slice(half).join(' ')],
  ];
};
