import { teamRole } from '../../../shared/protocol/team.ts';
import type { Account, SentInvite } from '../../index.ts';
import { comparing } from '../comparing.ts';
import type { Context } from '../context.ts';
import { type Command, common, type Input, type Result } from '../definition.ts';
import { usage } from '../failures.ts';
import { openGroups } from '../group-of.ts';
import { columns, printable } from '../layout.ts';
import { namedTeam } from './teams.ts';

export const invite: Command = {
  name: 'invite',
  summary: 'invite somebody into a team, and let them in',
  description: [
    "Sends a mail, whether the address has an account or not. Whoever accepts is in the team, without keys; then you compare fingerprints and confirm, which gives them the keys of the team's groups. Without an address, lists the invites you have sent.",
  ],
  arguments: [{ name: 'address', optional: true, about: 'whom to invite, to confirm, or to revoke' }],
  options: [
    { name: 'team', short: 't', value: 'TEAM', about: 'into which team, by name or id' },
    {
      name: 'role',
      short: 'r',
      value: 'ROLE',
      choices: teamRole.options,
      about: 'what they are to be in the team; member unless given',
    },
    { name: 'confirm', about: 'gives the keys to who has accepted' },
    { name: 'revoke', about: 'takes an invite back that nobody has accepted' },
    common.fingerprint,
  ],
  examples: [
    ['nightvault invite bob@example.com --team "Web shop"', ''],
    ['nightvault invite', 'who has accepted?'],
    ['nightvault invite bob@example.com --confirm', 'asks whether the fingerprint is his'],
  ],
  async run(context, input) {
    const account = await context.account();
    const address = input.argument('address')?.trim().toLowerCase();
    if (address === undefined) return list(context, account);
    if (input.flag('confirm')) return confirm(context, account, input, address);
    if (input.flag('revoke')) return takeBack(context, account, address);
    return send(context, account, input, address);
  },
};

async function list({ signal }: Context, account: Account): Promise<Result> {
  const { sent } = await account.invites.list({ signal });
  const teams = new Map((await account.teams.list({ signal })).map(({ id, name }) => [id, name]));
  const rows = sent.map(({ email, state, role, teamId }) => [
    printable(email),
    state,
    role,
    printable(teams.get(teamId) ?? teamId),
  ]);
  return {
    json: { sent },
    text: sent.length === 0 ? 'You have invited nobody.' : columns([['ADDRESS', 'STATE', 'ROLE', 'TEAM'], ...rows]),
  };
}

async function send(context: Context, account: Account, input: Input, address: string): Promise<Result> {
  const name = input.text('team');
  if (name === undefined) {
    throw usage(
      'It is not said into which team.',
      'An invite is into a team.',
      'Add --team NAME. See nightvault teams.',
    );
  }
  const team = await namedTeam(context, account, name);
  const role = teamRole.parse(input.text('role') ?? 'member');
  const inviteId = await account.invites.send(team.id, address, role, { signal: context.signal });
  return {
    json: { inviteId, email: address, teamId: team.id, role },
    text: `${printable(address)} is invited into "${printable(team.name)}". Once they have accepted: nightvault invite ${printable(address)} --confirm`,
  };
}

async function sentTo({ signal }: Context, account: Account, address: string, state: SentInvite['state']) {
  const { sent } = await account.invites.list({ signal });
  const found = sent.find((each) => each.email === address && each.state === state);
  if (found !== undefined) return found;
  const others = sent.filter(({ email }) => email === address).map((each) => each.state);
  const why = others.length === 0 ? 'You have not invited that address.' : `Your invite is ${others.join(', ')}.`;
  throw usage(`There is no ${state} invite to ${printable(address)}.`, why, 'See nightvault invite.');
}

async function confirm(context: Context, account: Account, input: Input, address: string): Promise<Result> {
  const found = await sentTo(context, account, address, 'accepted');
  const groups = await openGroups(context, account);
  const compare = comparing(context, input.text('fingerprint'));
  const waiting = await account.invites.confirm(found, groups, compare, { signal: context.signal });
  const rest =
    waiting.length === 0 ? '' : ` They still wait for ${printable(waiting.join(', '))}, whose keys others have.`;
  return {
    json: { inviteId: found.inviteId, email: address, waiting },
    text: `${printable(address)} has the keys of the team's groups.${rest}`,
  };
}

async function takeBack(context: Context, account: Account, address: string): Promise<Result> {
  const { inviteId } = await sentTo(context, account, address, 'pending');
  await account.invites.revoke(inviteId, { signal: context.signal });
  return {
    json: { inviteId, email: address, revoked: true },
    text: `The invite to ${printable(address)} is taken back.`,
  };
}
