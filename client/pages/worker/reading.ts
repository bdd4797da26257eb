import type { OpenChange } from '../../api/changes.ts';
import type { Member } from '../../group.ts';
import { account, displayName, fullName, openGroup } from './vault.ts';

/** A group as the page lists it. */
export type GroupRow =
  | {
      readonly state: 'open';
      readonly id: string;
      readonly name: string;
      readonly role: string;
      readonly changes: number;
      readonly rotationRequired: boolean;
    }
  /** Nobody has its key any more; or one of `grantedBy` can give it. */
  | { readonly state: 'lost' | 'waiting'; readonly name: string; readonly grantedBy: readonly string[] }
  /** This program does not take it for what the server says it is. */
  | { readonly state: 'refused'; readonly name: string; readonly why: string };

/** A resource as the page lists it. */
export interface ResourceRow {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly removed: boolean;
  readonly lastEdited: number;
  /** Names; for somebody who has left, none. */
  readonly editor: string | undefined;
  /** It refers to large files, which are not shown here. */
  readonly large: boolean;
}

export interface Contents {
  readonly name: string;
  /** The last edited first. */
  readonly resources: readonly ResourceRow[];
  /** Why some did not open. */
  readonly refused: readonly string[];
}

export interface OpenedResource {
  readonly row: ResourceRow;
  readonly groupName: string;
  readonly content: string;
}

/** What was read of each group, by the ids of its resources. */
const read = new Map<string, Map<string, OpenChange>>();

export const forgetRead = (): void => read.clear();

export const reading = {
  async groups(): Promise<GroupRow[]> {
    const refused: GroupRow[] = [];
    const [opened, closed] = await Promise.all([
      account().groups.list({
        onRefused: ({ groupId, cause }) => refused.push({ state: 'refused', name: groupId, why: cause.message }),
      }),
      account().groups.closed(),
    ]);
    const { groups: news } = await account().groups.check(opened.map((group) => ({ group, cursor: null })));
    const rows = opened.map(({ id, name, role }): GroupRow => {
      const { revision = 0, rotationRequired = false } = news.find(({ groupId }) => groupId === id) ?? {};
      return { state: 'open', id, name, role, changes: revision, rotationRequired };
    });
    const shut = closed.map((group): GroupRow => {
      const grantedBy = (group.grantedBy ?? []).map(fullName);
      return { state: 'lost' in group && group.lost ? 'lost' : 'waiting', name: group.name, grantedBy };
    });
    return [...rows, ...shut, ...refused];
  },

  createGroup: async (name: string): Promise<string> => (await account().groups.create(name)).id,

  async resources(groupId: string): Promise<Contents> {
    const group = await openGroup(groupId);
    const known = read.get(groupId) ?? new Map<string, OpenChange>();
    read.set(groupId, known);
    const refused: string[] = [];
    const onRefused = ({ message }: Error) => refused.push(message);
    for await (const change of group.changes.pull({ onRefused })) known.set(change.id, change);
    const names = namesOf(await group.members());
    const rows = [...known.values()].map((change) => asRow(change, names));
    return { name: group.name, resources: rows.toSorted((a, b) => b.lastEdited - a.lastEdited), refused };
  },

  async resource({ groupId, id }: { readonly groupId: string; readonly id: string }): Promise<OpenedResource> {
    const group = await openGroup(groupId);
    if (!read.has(groupId)) await reading.resources(groupId);
    const change = read.get(groupId)?.get(id);
    if (change === undefined) throw new ResourceGone();
    const row = asRow(change, namesOf(await group.members()));
    return { row, groupName: group.name, content: change.content };
  },
};

class ResourceGone extends Error {
  readonly code = 'RESOURCE_NOT_FOUND';

  constructor() {
    super('The group holds no such resource.');
  }
}

function asRow(change: OpenChange, names: ReadonlyMap<string, string>): ResourceRow {
  const { id, type, name, removed, lastEdited, lastEditedBy, blobIds = [] } = change;
  return { id, type, name, removed, lastEdited, editor: names.get(lastEditedBy), large: blobIds.length > 0 };
}

const namesOf = (members: readonly Member[]) =>
  new Map(members.map((member) => [member.accountId, displayName(member)]));
