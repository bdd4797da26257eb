import type { OpenChange } from '../../api/changes.ts';
import type { Member } from '../../group.ts';
import { fileIn, type Shown, savedIn, shownOf, titleOf, wholeOf } from './files.ts';
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
  /** Of a file its path; never empty. */
  readonly name: string;
  readonly removed: boolean;
  /** As its editor's device says; the server does not tell when it came. */
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
  /** The one that was changed last: files may come long after they were edited. */
  readonly newest: ResourceRow | undefined;
  /** Why some did not open. */
  readonly refused: readonly string[];
}

export interface OpenedResource extends Shown {
  readonly row: ResourceRow;
  readonly groupName: string;
}

interface Place {
  readonly groupId: string;
  readonly id: string;
}

interface Read {
  readonly change: OpenChange;
  readonly row: Omit<ResourceRow, 'editor'>;
}

/** What was read of each group, by the ids of its resources. */
const read = new Map<string, Map<string, Read>>();

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
    const known = read.get(groupId) ?? new Map<string, Read>();
    read.set(groupId, known);
    const refused: string[] = [];
    const onRefused = ({ message }: Error) => refused.push(message);
    for await (const change of group.changes.pull({ onRefused })) known.set(change.id, asRead(change));
    const names = namesOf(await group.members());
    const all = [...known.values()].toSorted((a, b) => b.change.revision - a.change.revision);
    const rows = all.map((each) => named(each, names));
    const [newest] = rows;
    return { name: group.name, resources: rows.toSorted((a, b) => b.lastEdited - a.lastEdited), newest, refused };
  },

  async resource({ groupId, id }: Place): Promise<OpenedResource> {
    const group = await openGroup(groupId);
    const found = await find({ groupId, id });
    const row = named(found, namesOf(await group.members()));
    return { row, groupName: group.name, ...shownOf(found.change) };
  },

  /** The bytes of a file in the clear. */
  async download(place: Place): Promise<Blob> {
    const file = savedIn((await find(place)).change);
    if (file === undefined) throw new ResourceGone();
    return wholeOf(await openGroup(place.groupId), file);
  },
};

/** @throws {ResourceGone} */
async function find({ groupId, id }: Place): Promise<Read> {
  if (!read.has(groupId)) await reading.resources(groupId);
  const found = read.get(groupId)?.get(id);
  if (found === undefined) throw new ResourceGone();
  return found;
}

class ResourceGone extends Error {
  readonly code = 'RESOURCE_NOT_FOUND';

  constructor() {
    super('The group holds no such resource.');
  }
}

function asRead(change: OpenChange): Read {
  const { id, type, removed, lastEdited, blobIds = [] } = change;
  const name = titleOf(change, fileIn(change));
  const large = blobIds.length > 0 && savedIn(change) === undefined;
  return { change, row: { id, type, name, removed, lastEdited, large } };
}

const named = ({ change, row }: Read, names: ReadonlyMap<string, string>): ResourceRow => ({
  ...row,
  editor: names.get(change.lastEditedBy),
});

const namesOf = (members: readonly Member[]) =>
  new Map(members.map((member) => [member.accountId, displayName(member)]));
