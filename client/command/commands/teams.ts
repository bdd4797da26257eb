import type { Account, Team } from '../../index.ts';
import type { Context } from '../context.ts';
import type { Command } from '../definition.ts';
import { usage } from '../failures.ts';
import { columns, printable } from '../layout.ts';

/** A team by its name or id. @throws {CommandFailed} when there is none, or several have the name */
export async function namedTeam({ signal }: Context, account: Account, given: string): Promise<Team> {
  const found = (await account.teams.list({ signal })).filter(({ id, name }) => id === given || name === given);
  const [team] = found;
  if (team !== undefined && found.length === 1) return team;
  if (team !== undefined) {
    const ids = found.map(({ id }) => id).join(', ');
    throw usage(`Several teams are called "${given}".`, `They are ${ids}.`, 'Say the id instead of the name.');
  }
  const remedy = 'See nightvault teams; make one with nightvault teams --create NAME.';
  throw usage(`There is no team "${given}".`, 'A team is meant by its name or its id.', remedy);
}

export const teams: Command = {
  name: 'teams',
  summary: 'your teams; make one',
  description: [
    'A team is people and the groups that belong to them. Everybody has a personal one, which nobody else joins; to work with others, make a team, make groups in it, and invite.',
  ],
  options: [{ name: 'create', value: 'NAME', about: 'makes a team, and you its admin' }],
  examples: [['nightvault teams --create "Web shop"', '']],
  async run(context, input) {
    const account = await context.account();
    const name = input.text('create');
    if (name !== undefined) {
      const team = await account.teams.create(name, { signal: context.signal });
      return {
        json: { team },
        text: `The team "${printable(team.name)}" is made (${team.id}). Invite: nightvault invite ADDRESS --team "${printable(team.name)}"`,
      };
    }
    const list = await account.teams.list({ signal: context.signal });
    const rows = list.map(({ id, name: called, role, personal }) => [
      printable(called),
      personal ? 'personal' : role,
      id,
    ]);
    return { json: { teams: list }, text: columns([['NAME', 'ROLE', 'ID'], ...rows]) };
  },
};
