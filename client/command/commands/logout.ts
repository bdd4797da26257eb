import { CallFailed, Unreachable } from '../../index.ts';
import type { Command } from '../definition.ts';
import { CommandFailed } from '../failures.ts';

export const logout: Command = {
  name: 'logout',
  summary: 'end the session and forget the keys',
  description: ['Ends the session on the server, and removes it and all keys from this computer. Your files stay.'],
  options: [{ name: 'local', about: 'forgets the session here, and does not tell the server' }],
  examples: [['nightvault logout', '']],
  async run(context, input) {
    const account = input.flag('local') ? undefined : await context.account();
    await account?.logOut({ signal: context.signal }).catch((error) => {
      // A session that has ended already need not be ended.
      if (error instanceof CallFailed && error.code === 'UNAUTHENTICATED') return;
      if (!(error instanceof Unreachable)) throw error;
      throw new CommandFailed('unreachable', error.code, {
        what: 'The server does not answer, and so the session goes on there.',
        why: error.message,
        remedy: 'Try again later; or have it forgotten here at least: nightvault logout --local.',
      });
    });
    await (await context.vault()).clear();
    return { json: { loggedOut: true }, text: 'Logged out. Nothing of the session is left on this computer.' };
  },
};
