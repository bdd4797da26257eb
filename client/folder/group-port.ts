import type { BlobReference } from './file-format.ts';
import type { Push, RemoteRow } from './plan/types.ts';

/** A row, and its content where the resource itself holds it. */
export type PulledRow = RemoteRow & { readonly content?: Buffer | undefined };

export interface PulledPage {
  readonly rows: readonly PulledRow[];
  readonly cursor: string;
}

/** A file about to be pushed. Exactly one of `content` and `blob` is there, unless it is removed. */
export type FileDraft = Push & { readonly content?: Buffer; readonly blob?: BlobReference };

/** What became of one. `stale`: somebody else was first. `blob-missing`: the blob it names is not there any more. */
export type FileVerdict =
  | { readonly kind: 'written'; readonly version: string }
  | { readonly kind: 'stale' | 'blob-missing' | 'too-large' };

export interface Work {
  readonly signal?: AbortSignal | undefined;
  /** Bytes. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number | undefined }) => void) | undefined;
}

/** What a folder's sync needs of its group. */
/** How a group stands to a cursor of it. */
export interface GroupStanding {
  /** Whether a pull would bring anything. */
  readonly changed: boolean;
  /** Whether the pull must begin anew. */
  readonly expired: boolean;
  /** Whether it is deleted, or cannot be opened by this account any more. */
  readonly gone: boolean;
}

export interface FileGroup {
  readonly id: string;
  /** As far as is known here: the role may be another by now. */
  readonly canWrite: boolean;
  /** Asks for the role, and for newer keys. @throws when the group cannot be opened any more */
  refresh(work: Work): Promise<void>;
  /** In one call, how the group stands to a cursor. */
  check(cursor: string | null, work: Work): Promise<GroupStanding>;
  /** Files only: what else is in the group is left out. */
  pull(cursor: string | null, work: Work): AsyncIterable<PulledPage>;
  /** One file as it stands, with its content. */
  fetch(id: string, work: Work): Promise<PulledRow | undefined>;
  /** In one call or more. A verdict on each, in their order. */
  push(drafts: readonly FileDraft[], work: Work): Promise<FileVerdict[]>;
  /** Whether a content so long stands in the resource itself. */
  isInline(content: Buffer): boolean;
  upload(path: string, work: Work): Promise<BlobReference>;
  download(blob: BlobReference, work: Work): Promise<AsyncIterable<Uint8Array>>;
}
