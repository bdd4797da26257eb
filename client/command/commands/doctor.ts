import type { Context } from '../context.ts';
import { type Command, common } from '../definition.ts';
import type { Finding } from '../doctor/finding.ts';
import { lookAtSession, lookHere } from '../doctor/here.ts';
import { lookAtServer } from '../doctor/server.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable, terminalWidth, wrap } from '../layout.ts';

/** One that was given must be an address; else there may be none. */
const knownServer = (context: Context, given: string | undefined): Promise<string | undefined> =>
  given === undefined ? context.serverUrl(given).catch(() => undefined) : context.serverUrl(given);

export const doctor: Command = {
  name: 'doctor',
  summary: 'find out what is wrong',
  description: [
    'Looks at the address of the server, TLS, the clocks, versions, whether every function is deployed, the session, the mails to you, and who can read the files of this program. Says what is wrong and what to do. Changes nothing.',
  ],
  options: [common.server],
  examples: [['nightvault doctor --server https://vault.example.com', 'before you sign up']],
  async run(context, input) {
    const findings: Finding[] = await lookHere(context);
    const server = await knownServer(context, input.text('server'));
    if (server === undefined) {
      findings.push({
        check: 'server',
        state: 'warning',
        detail: 'No server is known.',
        remedy: 'Say it with --server URL.',
      });
    } else {
      findings.push(...(await lookAtServer({ base: server, now: context.world.now, signal: context.signal })));
      const reachable = !findings.some(
        ({ check, state }) => state === 'wrong' && (check === 'server' || check === 'TLS'),
      );
      if (reachable) findings.push(...(await lookAtSession(context)));
    }
    const { green, yellow, red } = context.paint;
    const marks = { ok: green('✓'), warning: yellow('!'), wrong: red('✗') };
    const lines = findings.map(({ check, state, detail, remedy }) => {
      const told = `${marks[state]} ${check.padEnd(10)}${wrap(printable(detail), terminalWidth, ' '.repeat(12)).trimStart()}`;
      return remedy === undefined ? told : `${told}\n${wrap(`What to do: ${remedy}`, terminalWidth, ' '.repeat(12))}`;
    });
    const bad = findings.filter(({ state }) => state === 'wrong').length;
    const sum = bad === 0 ? 'Nothing is wrong.' : `Wrong: ${bad}.`;
    return {
      json: { findings },
      text: [...lines, sum].join('\n'),
      ...(bad === 0 ? {} : { exitCode: exitCodes.attention.code }),
    };
  },
};
