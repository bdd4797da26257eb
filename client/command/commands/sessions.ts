import type { Command } from '../definition.ts';
import { columns, count, moment, printable } from '../layout.ts';

export const sessions: Command = {
  name: 'sessions',
  summary: 'the devices that are logged in; end one, or the others',
  description: ['Lists the sessions of your account, the last used first. The id of a session opens nothing.'],
  options: [
    {
      name: 'end',
      value: 'SESSION',
      about: 'ends the session with this id; `others` ends all but this one, `all` all',
    },
  ],
  examples: [
    ['nightvault sessions', ''],
    ['nightvault sessions --end others', 'after a device was lost'],
  ],
  async run(context, input) {
    const account = await context.account();
    const which = input.text('end');
    if (which !== undefined) {
      const ended = await account.sessions.revoke(which, { signal: context.signal });
      return { json: { ended }, text: `${count(ended, 'session')} ended.` };
    }
    const list = await account.sessions.list({ signal: context.signal });
    const rows = list.map(({ sessionId, label, created, lastUsed, current }) => [
      sessionId,
      moment(created),
      moment(lastUsed),
      printable(label),
      current ? '(this one)' : '',
    ]);
    return { json: { sessions: list }, text: columns([['SESSION', 'SINCE', 'LAST USED', 'DEVICE'], ...rows]) };
  },
};
