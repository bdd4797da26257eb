import type { Command } from '../definition.ts';
import { usage } from '../failures.ts';
import { printable } from '../layout.ts';
import { mailedCode } from '../mailed-code.ts';

const invite = (given: string) => (given.startsWith('inv_') ? { inviteId: given } : { code: mailedCode(given).code });

export const accept: Command = {
  name: 'accept',
  summary: 'accept an invite into a team',
  description: [
    'Joins the team. Its groups open once an admin has compared your fingerprint (nightvault whoami) and confirmed. Without a link, takes the one invite that waits for you; where several do, lists them.',
  ],
  arguments: [
    { name: 'link', optional: true, about: 'the link of the mail, or the code at its end, or the id of an invite' },
  ],
  options: [{ name: 'decline', about: 'declines it instead' }],
  examples: [['nightvault accept', '']],
  async run(context, input) {
    const account = await context.account();
    const until = { signal: context.signal };
    const given = input.argument('link');
    const named = given === undefined ? { inviteId: await only() } : invite(given);
    if (input.flag('decline')) {
      await account.invites.decline(named, until);
      return { json: { declined: true }, text: 'Declined.' };
    }
    const team = await account.invites.accept(named, until);
    return {
      json: { accepted: true, ...team },
      text: 'You are in the team. Its groups open once an admin has compared your fingerprint: nightvault whoami',
    };

    async function only(): Promise<string> {
      const { received } = await account.invites.list(until);
      const [first] = received;
      if (first !== undefined && received.length === 1) return first.inviteId;
      if (first === undefined) {
        const why = 'An invite finds you by the address your account has.';
        throw usage('No invite waits for you.', why, 'If it went to another address, give the link of its mail.');
      }
      const list = received.map(({ inviteId, teamName }) => `${inviteId} into "${printable(teamName)}"`).join(', ');
      throw usage('Several invites wait for you.', `They are ${list}.`, 'Say which: nightvault accept ID');
    }
  },
};
