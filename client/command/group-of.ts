import type { Account, Group } from '../index.ts';
import type { Context } from './context.ts';
import { usage } from './failures.ts';
import { findFolder } from './folder-of.ts';
import { printable } from './layout.ts';

/** The group of `--group`, by name or id; else that of the folder one is in. */
export async function groupOf(context: Context, given: string | undefined): Promise<Group> {
  if (given !== undefined) return namedGroup(context, given);
  const folder = await findFolder(context);
  if (folder !== undefined) return context.group(folder.settings.groupId);
  const why = 'No --group is given, and this is no folder of one.';
  throw usage('It is not said which group.', why, 'Add --group NAME, or go into a sync folder. See nightvault groups.');
}

/** @throws {CommandFailed} when none or several have the name */
export async function namedGroup(context: Context, given: string): Promise<Group> {
  if (/^grp_[0-9a-f]{32}$/.test(given)) return context.group(given);
  const groups = await openGroups(context, await context.account());
  const found = groups.filter(({ name }) => name === given);
  const [group] = found;
  if (group === undefined) {
    const names = groups.map(({ name }) => `"${printable(name)}"`).join(', ') || 'none';
    throw usage(
      `There is no group "${given}".`,
      `Those you can open are: ${names}.`,
      'Check the name; see nightvault groups.',
    );
  }
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw usage(`Several groups are called "${given}".`, `They are ${ids}.`, 'Say the id instead of the name.');
  }
  await context.keep(group);
  return group;
}

/** All groups that open; of the others it is told. */
export function openGroups({ signal, world }: Context, account: Account, onRefused = () => {}): Promise<Group[]> {
  return account.groups.list({
    signal,
    onRefused: ({ message }) => {
      world.stderr(`nightvault: ${printable(message)}\n`);
      onRefused();
    },
  });
}
