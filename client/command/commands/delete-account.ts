import type { GroupChoice } from '../../../shared/protocol/leaving.ts';
import { readPassphrase } from '../asking.ts';
import type { Context } from '../context.ts';
import { type Command, common, type Input } from '../definition.ts';
import { namedGroup } from '../group-of.ts';
import { groupFates, transferOf } from '../handing-over.ts';
import { memberOf } from '../member-of.ts';
import { email, ownAddress } from './signup.ts';

export const deleteAccount: Command = {
  name: 'delete-account',
  summary: 'delete your account for good',
  description: [
    'Deletes the account, its keys, and the groups that are yours alone. A group that would be left without an admin needs a choice: delete it, or make somebody else its admin. Take a copy first: nightvault export --account.',
    'Who has forgotten the passphrase has a code mailed: nightvault delete-account --send-code.',
  ],
  options: [
    ...groupFates,
    common.passphraseFile,
    { name: 'code', value: 'CODE', about: 'a mailed code, instead of the passphrase' },
    { name: 'send-code', about: 'has such a code mailed, and does nothing else' },
    email,
    common.server,
    common.yes,
  ],
  examples: [['nightvault delete-account --transfer "API specs=bob@example.com"', '']],
  async run(context, input) {
    const until = { signal: context.signal };
    const code = input.text('code');
    if (input.flag('send-code')) {
      const address = await ownAddress(context, input);
      await context.connect(await context.serverUrl(input.text('server'))).sendDeletionCode(address, until);
      return {
        json: { email: address, status: 'code-sent' },
        text: `If ${address} has an account, a mail with a code is on its way.`,
      };
    }
    const choices = await choicesOf(context, input);
    await context.sure('Delete your account, for good?', input.flag('yes'));
    const done =
      code === undefined
        ? await byPassphrase()
        : await context.connect(await context.serverUrl(input.text('server'))).deleteAccount(code, choices, until);
    await (await context.vault()).clear();
    const { groupsDeleted, groupsTransferred } = done;
    return {
      json: done,
      text: `Your account is deleted. Groups deleted: ${groupsDeleted}; handed over: ${groupsTransferred}. Your files here stay.`,
    };

    async function byPassphrase() {
      const account = await context.account();
      const source = { ...context.world, file: input.text('passphrase-file') };
      return account.delete(await readPassphrase(source, 'Your passphrase'), choices, until);
    }
  },
};

async function choicesOf(context: Context, input: Input): Promise<GroupChoice[]> {
  const choices: GroupChoice[] = [];
  for (const name of input.list('delete-group')) {
    choices.push({ groupId: (await namedGroup(context, name)).id, action: 'delete' });
  }
  for (const pair of input.list('transfer')) {
    const { group: name, address } = transferOf(pair);
    const group = await namedGroup(context, name);
    const { accountId } = await memberOf(context, group, address);
    choices.push({ groupId: group.id, action: 'transfer', to: accountId });
  }
  return choices;
}
