import type { Role } from '../protocol/fields.ts';
import type { LinkState } from '../protocol/group.ts';
import { type Collection, collection } from './database.ts';

/** M_ResourceGroup: what is shared as one. */
export interface Group {
  readonly name: string;
  readonly parentResourceId: string | null;
  readonly created: number;
  readonly createdBy: string;
  /** Counts the changes ever written to this group; moves only in the commit that writes them. Cursors are made of it. */
  readonly revision: number;
  /** Counts the keys this group has had. */
  readonly keyEpoch: number;
  readonly members: number;
  /** A member left: no push is taken until an admin has rotated the key. */
  readonly rotationRequired: boolean;
}

export const groups = collection<Group>('groups');

/** M_Link: one account's wrapped copy of one group's key. Key: the account. */
export interface Link {
  readonly accountId: string;
  readonly groupId: string;
  readonly role: Role;
  /** The group key, wrapped to the account's public key: 512 hex characters. */
  readonly encSymmetricKey: string;
  readonly keyEpoch: number;
  readonly state: LinkState;
  readonly created: number;
}

export const links = (groupId: string): Collection<Link> => collection<Link>(`groups/${groupId}/links`);

/** The links of every group, for queries by account. */
export const allLinks = collection<Link>('links');

/** M_Resource: encrypted by the client, except its id, name and type. */
export interface StoredResource {
  /** The group's revision when this version was written: unique in the group, and its place in the order of changes. */
  readonly revision: number;
  readonly version: string;
  readonly type: string;
  readonly name: string;
  readonly removed: boolean;
  readonly keyEpoch: number;
  readonly created: number;
  readonly createdBy: string;
  readonly lastEdited: number;
  readonly lastEditedBy: string;
  readonly encContent: string;
}

export const resources = (groupId: string): Collection<StoredResource> =>
  collection<StoredResource>(`groups/${groupId}/resources`);
