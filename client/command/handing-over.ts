import * as z from 'zod';
import { CallFailed } from '../failures.ts';
import type { HandOver } from '../index.ts';
import type { Input, Option } from './definition.ts';
import { CommandFailed, usage } from './failures.ts';
import { printable } from './layout.ts';

/** What `GROUPS_ORPHANED` says of the groups (docs/teams.md). */
const orphans = z.array(
  z.object({ groupId: z.string(), name: z.string(), holders: z.array(z.object({ accountId: z.string() })) }),
);

interface Known {
  readonly accountId: string;
  readonly email: string;
}

type Choice = HandOver[number];

/** What may be said of groups when somebody goes. */
export const groupFates: readonly Option[] = [
  { name: 'delete-group', value: 'GROUP', many: true, about: 'this group is to be deleted for everybody' },
  { name: 'transfer', value: 'GROUP=ADDRESS', many: true, about: "this member is to become the group's admin" },
];

/** One `GROUP=ADDRESS`. @throws {CommandFailed} */
export function transferOf(pair: string): { readonly group: string; readonly address: string } {
  const [, group, address] = /^(.+)=([^=]+)$/.exec(pair) ?? [];
  if (group !== undefined && address !== undefined) return { group, address: address.trim().toLowerCase() };
  throw usage('That is no transfer.', `"${printable(pair)}" has no "=".`, 'Write --transfer GROUP=ADDRESS.');
}

/**
 * Somebody goes from a team; of each group that would be left to nobody, `--delete-group` or `--transfer` must say what
 * becomes of it. Which they are is known once the server has refused.
 * @param people the members, by whom addresses are understood
 * @throws {CommandFailed} when it is not said of one of them
 */
export async function handingOver<Answer>(
  input: Input,
  people: readonly Known[],
  go: (handOver: HandOver) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await go([]);
  } catch (error) {
    if (!(error instanceof CallFailed) || error.code !== 'GROUPS_ORPHANED') throw error;
    return go(orphans.parse(error.problem.groups).map((orphan) => choiceFor(orphan, input, people)));
  }
}

function choiceFor(
  { groupId, name, holders }: z.output<typeof orphans>[number],
  input: Input,
  people: readonly Known[],
): Choice {
  const isIt = (given: string) => given === groupId || given === name;
  if (input.list('delete-group').some(isIt)) return { groupId, to: null };
  const wish = input
    .list('transfer')
    .map(transferOf)
    .find(({ group }) => isIt(group));
  const heirs = people.filter(({ accountId }) => holders.some((holder) => holder.accountId === accountId));
  const heir = heirs.find(({ email }) => email === wish?.address);
  if (heir !== undefined) return { groupId, to: heir.accountId };
  const able = heirs.map(({ email }) => printable(email)).join(', ');
  throw new CommandFailed('refused', 'GROUPS_ORPHANED', {
    what: `The group "${printable(name)}" would be left to nobody.`,
    why: able === '' ? 'Nobody else has its key.' : `Nobody else is its admin. Its key have: ${able}.`,
    remedy: `Say what becomes of it: --delete-group "${printable(name)}"${able === '' ? '' : `, or --transfer "${printable(name)}=ADDRESS"`}. Nothing was changed.`,
  });
}
