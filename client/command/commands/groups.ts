import type { Command } from '../definition.ts';
import { openGroups } from '../group-of.ts';
import { columns, printable } from '../layout.ts';

export const groups: Command = {
  name: 'groups',
  summary: 'the groups you can open, and those that wait for a key',
  description: [
    "A group is what is shared as a whole, under one key. In a team, somebody who has a group's key must give it to you before you can open it: those groups are listed with who can.",
  ],
  examples: [['nightvault groups', '']],
  async run(context) {
    const account = await context.account();
    const open = await openGroups(context, account);
    const waiting = await account.groups.waiting({ signal: context.signal });
    const teams = new Map((await account.teams.list({ signal: context.signal })).map((team) => [team.id, team.name]));
    const rows = open.map(({ id, name, role, teamId }) => [
      printable(name),
      role,
      printable(teams.get(teamId) ?? teamId),
      id,
    ]);
    const asking = waiting.map(({ id, name, teamId, grantedBy }) => [
      printable(name),
      `waits for a key; ask ${grantedBy.map((who) => printable(who.firstName)).join(', ') || 'an admin'}`,
      printable(teams.get(teamId) ?? teamId),
      id,
    ]);
    const listed = [...rows, ...asking];
    return {
      json: {
        groups: open.map(({ id, name, role, teamId, keyEpoch }) => ({ id, name, role, teamId, keyEpoch })),
        waiting: waiting.map(({ id, name, teamId, grantedBy }) => ({ id, name, teamId, grantedBy })),
      },
      text:
        listed.length === 0
          ? 'There are no groups yet. Make one: nightvault create NAME'
          : columns([['NAME', 'ROLE', 'TEAM', 'ID'], ...listed]),
    };
  },
};
