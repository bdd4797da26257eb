import type { ListedSession } from '../../index.ts';
import type { Command } from '../definition.ts';
import { usage } from '../failures.ts';
import { columns, count, moment, printable } from '../layout.ts';

/** Of an id, which is 64 characters long: so many tell sessions apart. */
export const shownCharacters = 12;

export const sessions: Command = {
  name: 'sessions',
  summary: 'the devices that are logged in; end one, or the others',
  description: ['Lists the sessions of your account, the last used first. The id of a session opens nothing.'],
  options: [
    {
      name: 'end',
      value: 'SESSION',
      about: 'ends the session whose id begins so; `others` ends all but this one, `all` all',
    },
  ],
  examples: [
    ['nightvault sessions', ''],
    ['nightvault sessions --end others', 'after a device was lost'],
  ],
  async run(context, input) {
    const account = await context.account();
    const which = input.text('end');
    const listed = () => account.sessions.list({ signal: context.signal });
    if (which !== undefined) {
      const meant = ['others', 'all'].includes(which) ? which : idOf(await listed(), which);
      const ended = await account.sessions.revoke(meant, { signal: context.signal });
      return { json: { ended }, text: `${count(ended, 'session')} ended.` };
    }
    const list = await listed();
    const rows = list.map(({ sessionId, label, created, lastUsed, current }) => [
      sessionId.slice(0, shownCharacters),
      moment(created),
      moment(lastUsed),
      printable(label),
      current ? '(this one)' : '',
    ]);
    return { json: { sessions: list }, text: columns([['SESSION', 'SINCE', 'LAST USED', 'DEVICE'], ...rows]) };
  },
};

function idOf(list: readonly ListedSession[], given: string): string {
  const found = list.filter(({ sessionId }) => sessionId.startsWith(given));
  const [session] = found;
  if (session !== undefined && found.length === 1) return session.sessionId;
  const what = session === undefined ? 'There is no such session.' : 'Several sessions begin so.';
  throw usage(
    what,
    `${found.length} of your sessions have an id that begins with "${given}".`,
    'See nightvault sessions.',
  );
}
