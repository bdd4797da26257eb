import type { Waiting } from '../../passphrase-reset.ts';
import { comparing } from '../comparing.ts';
import { type Command, common, type Result } from '../definition.ts';
import { CommandFailed, usage } from '../failures.ts';
import { openGroups } from '../group-of.ts';
import { columns, count, printable } from '../layout.ts';

export const readmit: Command = {
  name: 'readmit',
  summary: 'let somebody in again who has reset their passphrase',
  description: [
    'Whoever resets a passphrase has new keys, and waits until an admin of each of their groups grants them its keys again: `needs-rekey` in nightvault members. You are shown the fingerprint of the new key, and asked to compare it with its owner: a server could reset somebody, too.',
    'Without an address, lists who waits for you.',
  ],
  arguments: [{ name: 'address', optional: true, about: 'their e-mail address' }],
  options: [common.fingerprint],
  examples: [
    ['nightvault readmit', 'who waits?'],
    ['nightvault readmit bob@example.com', ''],
  ],
  async run(context, input) {
    const account = await context.account();
    const waiting = await account.waiting({ signal: context.signal });
    const address = input.argument('address')?.trim().toLowerCase();
    if (address === undefined) return list(waiting);
    if (!waiting.some(({ email }) => email === address)) {
      const why = 'They have not reset their passphrase, or you are no admin of their groups.';
      throw usage(
        `${printable(address)} does not wait for you.`,
        why,
        'See nightvault readmit, and nightvault members.',
      );
    }
    const compare = comparing(context, input.text('fingerprint'));
    const granted = await account.readmit(
      await openGroups(context, account),
      (person) => person.email === address && compare(person),
      { signal: context.signal },
    );
    if (granted === 0) {
      throw new CommandFailed('distrust', 'FINGERPRINT_REFUSED', {
        what: 'Nobody was let in.',
        why: `The key was not taken for that of ${printable(address)}.`,
        remedy: 'Ask them for their fingerprint (nightvault whoami) over another channel, and run the command again.',
      });
    }
    const groups = count(granted, 'group');
    return { json: { email: address, granted }, text: `${printable(address)} has the keys of ${groups} again.` };
  },
};

function list(waiting: readonly Waiting[]): Result {
  const rows = waiting.map(({ email, groupName, fingerprint }) => [
    printable(email),
    printable(groupName),
    fingerprint,
  ]);
  const json = waiting.map(({ email, accountId, groupId, fingerprint }) => ({
    email,
    accountId,
    groupId,
    fingerprint,
  }));
  return {
    json: { waiting: json },
    text: waiting.length === 0 ? 'Nobody waits for you.' : columns([['ADDRESS', 'GROUP', 'FINGERPRINT'], ...rows]),
  };
}
