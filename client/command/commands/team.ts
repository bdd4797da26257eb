import { teamRole as roles } from '../../../shared/protocol/team.ts';
import type { Account, Team } from '../../index.ts';
import { comparingEach, fingerprints } from '../comparing.ts';
import type { Context } from '../context.ts';
import { type Command, common, type Input, type Result } from '../definition.ts';
import { usage } from '../failures.ts';
import { openGroups } from '../group-of.ts';
import { groupFates, handingOver } from '../handing-over.ts';
import { columns, moment, printable } from '../layout.ts';
import { byAddress } from '../member-of.ts';
import { namedTeam } from './teams.ts';

const actions = { members, role, remove, leave, delete: deleteTeam };
type Action = (context: Context, team: Team, input: Input, account: Account) => Promise<Result>;

export const team: Command = {
  name: 'team',
  summary: 'who is in a team; take somebody out, leave it, delete it',
  description: [
    '`members` lists who is in it; `role` makes somebody an admin or a member. `remove` takes somebody out of the team and of all its groups, and gives each of those a fresh key; `leave` does the same with yourself, and whoever stays gives the keys. `delete` wants a team without groups.',
    'A group that would be left to nobody needs a choice: --delete-group, or --transfer to somebody who has its key.',
  ],
  arguments: [
    { name: 'action', about: 'what to do', choices: Object.keys(actions) },
    { name: 'team', about: 'by name or id' },
    { name: 'address', optional: true, about: 'of role and remove: whose' },
  ],
  options: [
    { name: 'role', short: 'r', value: 'ROLE', choices: roles.options, about: 'of role: what they are from now on' },
    ...groupFates,
    fingerprints,
    common.yes,
  ],
  examples: [
    ['nightvault team members "Web shop"', ''],
    ['nightvault team role "Web shop" bob@example.com --role admin', ''],
    ['nightvault team remove "Web shop" bob@example.com --transfer "API specs=jane@example.com"', ''],
  ],
  async run(context, input) {
    const account = await context.account();
    const found = await namedTeam(context, account, input.argument('team') ?? '');
    const [, run] = Object.entries<Action>(actions).find(([name]) => name === input.argument('action')) ?? [];
    return (run ?? members)(context, found, input, account);
  },
};

async function members({ signal }: Context, { id }: Team, _input: Input, account: Account): Promise<Result> {
  const list = await account.teams.members(id, { signal });
  const rows = list.map(({ email, firstName, lastName, role, joined }) => [
    printable(email),
    printable(`${firstName} ${lastName}`.trim()),
    role,
    moment(joined),
  ]);
  return { json: { teamId: id, members: list }, text: columns([['ADDRESS', 'NAME', 'ROLE', 'SINCE'], ...rows]) };
}

async function role(context: Context, { id, name }: Team, input: Input, account: Account): Promise<Result> {
  const given = input.text('role');
  if (given === undefined)
    throw usage('It is not said what they are to be.', 'No --role is given.', 'Add --role ROLE.');
  const wanted = roles.parse(given);
  const until = { signal: context.signal };
  const { accountId, email } = inTeam(await account.teams.members(id, until), name, input);
  await account.teams.setRole(id, accountId, wanted, until);
  return {
    json: { teamId: id, email, role: wanted },
    text: `${printable(email)} is now ${wanted} of "${printable(name)}".`,
  };
}

async function remove(context: Context, { id, name }: Team, input: Input, account: Account): Promise<Result> {
  const until = { signal: context.signal };
  // Before anything is done: what was given may be wrong.
  const compare = comparingEach(context, input);
  const people = await account.teams.members(id, until);
  const { accountId, email } = inTeam(people, name, input);
  await context.sure(`Take ${printable(email)} out of "${printable(name)}" and its groups?`, input.flag('yes'));
  const left = await handingOver(input, people, (handOver) => account.teams.remove(id, accountId, handOver, until));
  const open = left.length === 0 ? [] : await openGroups(context, account);
  const rotated: string[] = [];
  const others: string[] = [];
  for (const { groupId, name: called } of left) {
    const group = open.find((each) => each.id === groupId);
    if (group === undefined) {
      others.push(called);
      continue;
    }
    await group.rotateKey({ compare, ...until });
    await context.keep(group);
    rotated.push(called);
  }
  const quoted = (names: readonly string[]) => names.map((each) => `"${printable(each)}"`).join(', ');
  const keys = rotated.length === 0 ? '' : ` New keys: ${quoted(rotated)}.`;
  const rest =
    others.length === 0 ? '' : ` Nothing can be written until an admin rotates the key of ${quoted(others)}.`;
  return {
    json: { teamId: id, email, rotated, rotationRequired: others },
    text: `${printable(email)} is out of "${printable(name)}".${keys}${rest}`,
  };
}

async function leave(context: Context, { id, name }: Team, input: Input, account: Account): Promise<Result> {
  const until = { signal: context.signal };
  await context.sure(`Leave "${printable(name)}" and its groups?`, input.flag('yes'));
  const people = await account.teams.members(id, until);
  const held = (await openGroups(context, account)).filter(({ teamId }) => teamId === id);
  await handingOver(input, people, (handOver) => account.teams.leave(id, handOver, until));
  for (const group of held) await context.forget(group);
  return { json: { teamId: id, left: true }, text: `You have left "${printable(name)}".` };
}

async function deleteTeam(context: Context, { id, name }: Team, input: Input, account: Account): Promise<Result> {
  await context.sure(`Delete the team "${printable(name)}"?`, input.flag('yes'));
  await account.teams.delete(id, { signal: context.signal });
  return { json: { teamId: id, deleted: true }, text: `The team "${printable(name)}" is deleted.` };
}

/** @throws {CommandFailed} when nobody of these is meant */
function inTeam<Person extends { readonly email: string }>(
  people: readonly Person[],
  name: string,
  input: Input,
): Person {
  const address = input.argument('address') ?? '';
  const found = byAddress(people, address);
  if (found !== undefined) return found;
  const what = address === '' ? 'It is not said who.' : `${printable(address)} is no member.`;
  const why = `A member of "${printable(name)}" is meant by an address.`;
  throw usage(what, why, `See nightvault team members "${printable(name)}".`);
}
