import type { AuditEvent } from '../../index.ts';
import type { Command } from '../definition.ts';
import { columns, moment } from '../layout.ts';
import { shownCharacters } from './sessions.ts';

const few = 25;

export const audit: Command = {
  name: 'audit',
  summary: 'what happened in your account',
  description: [
    `Lists what the server has kept on record for you: changes of passphrase and address, sessions that were ended, teams, invites, keys that were granted, copies that were taken. The newest ${few}, unless --all is given.`,
    'What you do not know of was somebody else: nightvault sessions --end others, and nightvault passphrase change.',
  ],
  options: [{ name: 'all', about: 'as far back as there is anything' }],
  examples: [['nightvault audit', '']],
  async run(context, input) {
    const account = await context.account();
    const events: AuditEvent[] = [];
    for await (const event of account.sessions.events({ signal: context.signal })) {
      if (events.length === few && !input.flag('all')) break;
      events.push(event);
    }
    const rows = events.map(({ at, event, sessionId }) => [
      moment(at),
      event.replaceAll('-', ' '),
      sessionId?.slice(0, shownCharacters) ?? '',
    ]);
    return {
      json: { events },
      text: events.length === 0 ? 'Nothing is on record yet.' : columns([['WHEN', 'WHAT', 'BY SESSION'], ...rows]),
    };
  },
};
