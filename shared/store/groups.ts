import type { Role } from '../protocol/fields.ts';
import type { LinkState } from '../protocol/group.ts';
import { type Collection, collection } from './database.ts';

/** M_ResourceGroup: what is shared as one. */
export interface Group {
  readonly name: string;
  readonly parentResourceId: string | null;
  /** The team it belongs to. */
  readonly teamId: string;
  readonly created: number;
  readonly createdBy: string;
  /** Counts the changes ever written to this group; moves only in the commit that writes them. Cursors are made of it. */
  readonly revision: number;
  /** The latest revision whose tombstone is no longer kept: who has not pulled that far may have missed a removal. */
  readonly purgedRevision: number;
  /** Counts the keys this group has had. */
  readonly keyEpoch: number;
  readonly members: number;
  /** Counts changes to links. Firestore takes a write that changes nothing for none, and then guards nothing. */
  readonly linkChanges: number;
  /** A member left: no push is taken until an admin has rotated the key. */
  readonly rotationRequired: boolean;
  /** All members have reset their passphrases, so nobody can open it. Kept until an admin deletes it, or starts it again. */
  readonly lost: boolean;
  /** Bytes of every version of every resource that is kept, and of the blobs. */
  readonly bytes: number;
  /** When an admin deleted it; null while it lives. */
  readonly deletedAt: number | null;
}

export const groups = collection<Group>('groups');

/** Which group an account made for a parent resource, so that it makes one only. Key: SHA-256 of both. */
export interface ParentClaim {
  readonly groupId: string;
}

export const parentClaims = collection<ParentClaim>('parentClaims');

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

/** A wrapped group key of an epoch before the link's own, so that what was written under it stays readable. Key: the epoch. */
export interface OldKey {
  readonly groupId: string;
  readonly keyEpoch: number;
  readonly encSymmetricKey: string;
}

export const oldKeys = (groupId: string, accountId: string): Collection<OldKey> =>
  collection<OldKey>(`groups/${groupId}/links/${accountId}/keys`);

/** The old keys of every member of every group, for the purge. */
export const allOldKeys = collection<OldKey>('keys');
