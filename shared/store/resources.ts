import { type Collection, collection } from './database.ts';

/** M_Resource: encrypted by the client, except its id, name and type. Key: the id that clients chose. */
export interface StoredResource {
  /** The group's revision when this version was written: unique in the group, and its place in the order of changes. */
  readonly revision: number;
  readonly version: string;
  readonly type: string;
  readonly name: string;
  readonly removed: boolean;
  readonly keyEpoch: number;
  /** Server time of the write; never before that of the version it replaced, whatever the servers' clocks say. */
  readonly written: number;
  readonly created: number;
  readonly createdBy: string;
  readonly lastEdited: number;
  readonly lastEditedBy: string;
  readonly encContent: string;
  /** The blobs that this version refers to. */
  readonly blobIds: readonly string[];
}

export const resources = (groupId: string): Collection<StoredResource> =>
  collection<StoredResource>(`groups/${groupId}/resources`);

/**
 * One version of a resource, the one that stands included: written by the commit that writes the resource, never
 * changed. So a replaced version is in its place before it is replaced, and replacing copies nothing. Key: its revision.
 */
export interface StoredVersion extends StoredResource {
  readonly groupId: string;
  readonly resourceId: string;
  /** UTF-8 bytes of its content, as quotas count it. */
  readonly bytes: number;
  /** The version it replaced, which goes when this one has stood for the retention time. */
  readonly replaced: ReplacedVersion | null;
  /** `written`, until the sweep has come past; then null. */
  readonly unsweptSince: number | null;
}

export interface ReplacedVersion {
  readonly revision: number;
  readonly bytes: number;
  readonly blobIds: readonly string[];
}

export const versions = (groupId: string, resourceId: string): Collection<StoredVersion> =>
  collection<StoredVersion>(`groups/${groupId}/resources/${resourceId}/history`);

/** The versions of every resource of every group, for the sweep. */
export const allVersions = collection<StoredVersion>('history');

const revisionDigits = 16;

/** The document key of a version: keys sort as revisions do, which puts versions of one moment in their order. */
export const versionKey = (revision: number): string => String(revision).padStart(revisionDigits, '0');
