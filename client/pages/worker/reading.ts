import type * as z from 'zod';
import type { Resource } from '../../../shared/protocol/changes.ts';
import { groupList } from '../../../shared/protocol/group.ts';
import { openResource, pull } from '../../changes.ts';
import { createGroup, listMembers, type Member } from '../../group.ts';
import { openGroup, openGroups, session } from './vault.ts';

type ListedGroup = z.output<typeof groupList.output>['groups'][number];

/** A group as the page lists it. */
export interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly changes: number;
  /** `lost`: nobody has its key any more. `waiting`: one of `grantedBy` can give it. */
  readonly state: 'open' | 'waiting' | 'lost';
  readonly role?: string | undefined;
  readonly grantedBy: readonly string[];
  readonly rotationRequired: boolean;
}

/** A resource as the page lists it: still closed. */
export interface ResourceRow {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly removed: boolean;
  readonly lastEdited: number;
  /** Names; for somebody who has left, none. */
  readonly editor: string | undefined;
  readonly large: boolean;
}

export interface OpenedResource {
  readonly row: ResourceRow;
  readonly groupName: string;
  readonly content: string;
}

/** Closed resources of each group, by id, and where the next pull goes on. */
const pulled = new Map<string, { cursor: string | null; readonly resources: Map<string, Resource> }>();

export const reading = {
  async groups(): Promise<GroupRow[]> {
    const { groups } = await session().connection.get('group-list', groupList, {});
    await openGroups(true);
    return groups.map(asRow);
  },

  async createGroup(name: string): Promise<string> {
    const { id } = await createGroup(session(), name);
    await openGroups(true);
    return id;
  },

  /** What a group holds, the last edited first. */
  async resources(groupId: string): Promise<{ readonly name: string; readonly resources: ResourceRow[] }> {
    const group = await openGroup(groupId);
    const known = pulled.get(groupId) ?? { cursor: null, resources: new Map<string, Resource>() };
    for await (const page of pull(session(), group, known.cursor)) {
      for (const resource of page.changes) known.resources.set(resource.id, resource);
      known.cursor = page.cursor;
    }
    pulled.set(groupId, known);
    const names = namesOf(await listMembers(session(), group));
    const rows = [...known.resources.values()].map((resource) => asResourceRow(resource, names));
    return { name: group.name, resources: rows.toSorted((a, b) => b.lastEdited - a.lastEdited) };
  },

  /** Opens one resource that `resources` has listed. */
  async resource({ groupId, id }: { readonly groupId: string; readonly id: string }): Promise<OpenedResource> {
    const group = await openGroup(groupId);
    if (!pulled.has(groupId)) await reading.resources(groupId);
    const resource = pulled.get(groupId)?.resources.get(id);
    if (resource === undefined) throw new ResourceGone();
    const names = namesOf(await listMembers(session(), group));
    return {
      row: asResourceRow(resource, names),
      groupName: group.name,
      content: (await openResource(group, resource)).content,
    };
  },
};

/** Forgets what was read for whoever was logged in before. */
export const forgetRead = (): void => pulled.clear();

class ResourceGone extends Error {
  readonly code = 'RESOURCE_NOT_FOUND';

  constructor() {
    super('The group holds no such resource.');
  }
}

function asRow(group: ListedGroup): GroupRow {
  const { id, name, revision, rotationRequired } = group;
  const waiting = group.linkState !== 'active';
  return {
    id,
    name,
    changes: revision,
    state: 'lost' in group && group.lost ? 'lost' : waiting ? 'waiting' : 'open',
    role: 'role' in group ? group.role : undefined,
    grantedBy: (group.grantedBy ?? []).map(fullName),
    rotationRequired,
  };
}

function asResourceRow(resource: Resource, names: ReadonlyMap<string, string>): ResourceRow {
  const { id, type, name, removed, lastEdited, lastEditedBy, blobIds = [] } = resource;
  return { id, type, name, removed, lastEdited, editor: names.get(lastEditedBy), large: blobIds.length > 0 };
}

const namesOf = (members: readonly Member[]) =>
  new Map(members.map((member) => [member.accountId, fullName(member) || member.email]));

export const fullName = ({ firstName, lastName }: { readonly firstName: string; readonly lastName: string }): string =>
  [firstName, lastName].filter(Boolean).join(' ');
