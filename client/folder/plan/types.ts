import type { BlobReference } from '../file-format.ts';

/** A file as far as sync compares it. */
export interface FileMark {
  /** Relative to the folder, with `/` between names. */
  readonly path: string;
  /** Of the content, in hex. */
  readonly sha256: string;
  readonly size: number;
}

/** A file of the folder. */
export interface LocalFile extends FileMark {
  /** Milliseconds since 1970. */
  readonly edited: number;
}

/** A file of the group. */
export interface RemoteFile extends LocalFile {
  readonly id: string;
  readonly version: string;
  /** Where the content is, when it does not stand in the resource itself. */
  readonly blob?: BlobReference | undefined;
}

/** What a pull told of one resource: it is such a file, it is gone, or it cannot be read here. */
export type RemoteRow =
  | (RemoteFile & { readonly state: 'file' })
  | { readonly state: 'removed'; readonly id: string; readonly version: string }
  | { readonly state: 'unreadable'; readonly id: string; readonly version: string; readonly reason: string };

/** What was about to be pushed when the state was last saved: whether it was is not known. */
export interface Intent {
  readonly id: string;
  readonly path: string;
  readonly sha256: string;
}

export interface PlanInput {
  /** What folder and group agreed on last. */
  readonly base: readonly RemoteFile[];
  readonly local: readonly LocalFile[];
  /** One row a resource, the newest: what has come since, and what was refused before. */
  readonly remote: readonly RemoteRow[];
  /** The rows are all there is: what is not among them is gone. */
  readonly complete?: boolean;
  readonly intents: readonly Intent[];
  /** What stands in the folder and is not synced, by path: nothing is written there. */
  readonly obstacles: ReadonlyMap<string, string>;
  /** Gives the id of a resource that is new. */
  readonly newId: () => string;
}

export interface Write extends FileMark {
  /** SHA-256 of what stands there now; null when nothing does. */
  readonly expected: string | null;
}

/** A change of the group that is still to be made. */
export type Push =
  | (LocalFile & { readonly id: string; readonly baseVersion: string | null; readonly removed: false })
  | { readonly id: string; readonly path: string; readonly baseVersion: string; readonly removed: true };

/** What people are told. */
export interface Notice {
  readonly kind: 'conflict' | 'kept' | 'refused' | 'moved' | 'not-synced';
  readonly path: string;
  readonly detail: string;
}

export interface Plan {
  /** The same file under another spelling, first of all. */
  readonly respellings: readonly { readonly from: string; readonly to: string }[];
  /** Then what is to be written, each with a content that the folder or the group has. */
  readonly writes: readonly Write[];
  /** And last what is to go, if it still is what it was. */
  readonly removals: readonly FileMark[];
  /** What folder and group agree on once that is done. */
  readonly base: readonly RemoteFile[];
  /** Rows that were not applied, to be looked at again the next time. */
  readonly refused: readonly RemoteRow[];
  readonly pushes: readonly Push[];
  readonly notices: readonly Notice[];
}
