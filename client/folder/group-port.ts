import type { BlobReference } from './file-content.ts';
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
export interface FileGroup {
  readonly id: string;
  readonly canWrite: boolean;
  /** In one call, whether a pull from this cursor would bring anything; and whether it must begin anew. */
  check(cursor: string | null, work: Work): Promise<{ readonly changed: boolean; readonly expired: boolean }>;
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
