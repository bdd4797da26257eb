import type { Account, ClosedGroup } from '../../index.ts';
import type { Context } from '../context.ts';
import type { Command, Result } from '../definition.ts';
import { exitCodes } from '../exit-codes.ts';
import { usage } from '../failures.ts';
import { openGroups } from '../group-of.ts';
import { columns, moment, printable } from '../layout.ts';

export const groups: Command = {
  name: 'groups',
  summary: 'the groups you can open, and those that wait for a key',
  description: [
    "A group is what is shared as a whole, under one key. In a team, somebody who has a group's key must give it to you before you can open it: those groups are listed with who can, as are those you had before you reset your passphrase.",
  ],
  options: [
    { name: 'deleted', about: 'lists those that were deleted and can still be had back' },
    { name: 'restore', value: 'GROUP', about: 'brings such a one back, by name or id, with all that was in it' },
  ],
  examples: [
    ['nightvault groups', ''],
    ['nightvault groups --restore "API specs"', 'after nightvault delete-group'],
  ],
  async run(context, input) {
    const account = await context.account();
    const gone = input.text('restore');
    if (gone !== undefined) return restore(context, account, gone);
    if (input.flag('deleted')) return listDeleted(context, account);
    let refused = 0;
    const open = await openGroups(context, account, () => {
      refused += 1;
    });
    const closed = await account.groups.closed({ signal: context.signal });
    const teams = new Map((await account.teams.list({ signal: context.signal })).map((team) => [team.id, team.name]));
    const teamOf = (teamId: string) => printable(teams.get(teamId) ?? '(as a guest)');
    const rows = open.map(({ id, name, role, teamId }) => [printable(name), role, teamOf(teamId), id]);
    const asking = closed.map((group) => [printable(group.name), stateOf(group), teamOf(group.teamId), group.id]);
    const listed = [...rows, ...asking];
    const none = refused > 0 ? 'No group can be opened.' : 'There are no groups yet. Make one: nightvault create NAME';
    return {
      json: {
        groups: open.map(({ id, name, role, teamId, keyEpoch }) => ({ id, name, role, teamId, keyEpoch })),
        waiting: closed.map(({ id, name, teamId, grantedBy = [], ...group }) => {
          return { id, name, teamId, lost: isLost(group), grantedBy };
        }),
        refused,
      },
      text: listed.length === 0 ? none : columns([['NAME', 'ROLE', 'TEAM', 'ID'], ...listed]),
      ...(refused > 0 ? { exitCode: exitCodes.distrust.code } : {}),
    };
  },
};

const isLost = (group: object): boolean => 'lost' in group && group.lost === true;

function stateOf(group: ClosedGroup): string {
  if (isLost(group)) return 'is lost: nobody has its key any more';
  const who = (group.grantedBy ?? []).map(({ firstName }) => printable(firstName)).join(', ');
  return `waits for a key; ask ${who || 'an admin'}`;
}

async function listDeleted({ signal }: Context, account: Account): Promise<Result> {
  const deleted = await account.groups.deleted({ signal });
  const rows = deleted.map(({ id, name, restorableUntil }) => [printable(name), lastMoment(restorableUntil), id]);
  return {
    json: { deleted },
    text: deleted.length === 0 ? 'No deleted group is kept.' : columns([['NAME', 'KEPT UNTIL', 'ID'], ...rows]),
  };
}

const lastMoment = (until: number | undefined): string => (until === undefined ? '' : moment(until));

async function restore(context: Context, account: Account, given: string): Promise<Result> {
  const { signal } = context;
  const found = (await account.groups.deleted({ signal })).filter(({ id, name }) => id === given || name === given);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    const why = only === undefined ? `No deleted group is called "${printable(given)}".` : `Several are: ${ids}.`;
    throw usage('It is not clear which group is meant.', why, 'See nightvault groups --deleted, and say the id.');
  }
  const group = await account.groups.restore(only.id, { signal });
  await context.keep(group);
  return { json: { groupId: group.id, name: group.name }, text: `"${printable(group.name)}" is back.` };
}
