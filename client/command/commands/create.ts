import { resolve } from 'node:path';
import { makeFolder } from '../../folder/disk.ts';
import type { Command } from '../definition.ts';
import { printable } from '../layout.ts';
import { linkFolder, requireFree } from '../syncing.ts';
import { namedTeam } from './teams.ts';

export const create: Command = {
  name: 'create',
  summary: 'make a group',
  description: [
    'Makes a group with a fresh key that only you have. Share it with nightvault share, or make it in a team and invite people there. The server sees its name.',
  ],
  arguments: [{ name: 'name', about: 'what it is to be called' }],
  options: [
    {
      name: 'team',
      short: 't',
      value: 'TEAM',
      about: 'the team it is to belong to, by name or id; your personal one unless given',
    },
    {
      name: 'folder',
      short: 'f',
      value: 'FOLDER',
      about: "makes this folder the group's, so that nightvault sync in it needs no more",
    },
  ],
  examples: [['nightvault create "API specs" --folder ~/specs', 'and then: cd ~/specs; nightvault sync']],
  async run(context, input) {
    const account = await context.account();
    const team = input.text('team');
    const teamId = team === undefined ? {} : { teamId: (await namedTeam(context, account, team)).id };
    const folder = input.text('folder');
    const root = folder === undefined ? undefined : resolve(context.world.cwd, folder);
    if (root !== undefined) {
      await requireFree(root);
      // Where it cannot be made, no group is made for it.
      await makeFolder(root);
    }
    const group = await account.groups.create(input.argument('name') ?? '', { ...teamId, signal: context.signal });
    await context.keep(group);
    if (root !== undefined) await linkFolder(context, root, group);
    const next = root === undefined ? '' : ` Its folder is ${root}.`;
    return {
      json: { group: { id: group.id, name: group.name, teamId: group.teamId, role: group.role }, folder: root ?? null },
      text: `The group "${printable(group.name)}" is made (${group.id}).${next}`,
    };
  },
};
