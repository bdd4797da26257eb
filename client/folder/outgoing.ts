import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobTooLarge, SourceChanged } from '../failures.ts';
import { errorCode, hashFile, sha256 as hashOf, look } from './disk.ts';
import type { BlobReference } from './file-format.ts';
import type { FileDraft, FileGroup, FileVerdict, Work } from './group-port.ts';
import type { Notice, Push, RemoteFile } from './plan/types.ts';
import type { FolderState } from './state.ts';

/** Files in one batch, and bytes of them that stand in resources: about one call's worth. */
const batchFiles = 200;
const batchBytes = 500_000;
/** A file that is longer is never read into memory. */
const longestRead = 1024 * 1024;

export interface Sending {
  readonly root: string;
  readonly group: FileGroup;
  readonly work: Work;
  /** Told of the state after each batch, and of the files that are done. */
  readonly save: (state: FolderState) => Promise<void>;
  readonly onSent: (files: number) => void;
  readonly onBytes: (done: number) => void;
}

export interface Sent {
  readonly state: FolderState;
  readonly notices: Notice[];
  readonly written: number;
  /** Others were first somewhere, or a blob is gone: pull, and look again. */
  readonly stale: boolean;
}

/**
 * Sends a folder's changes. What is about to be sent is on the disk first, so that a push whose answer is lost is known
 * again; and a content that the group has already, under whatever name, is not sent twice.
 */
export async function send(pushes: readonly Push[], before: FolderState, sending: Sending): Promise<Sent> {
  const blobs = new Map(
    before.base.flatMap(({ sha256, blob }) => (blob === undefined ? [] : [[sha256, blob] as const])),
  );
  const intents = pushes.flatMap((push) =>
    push.removed ? [] : [{ id: push.id, path: push.path, sha256: push.sha256 }],
  );
  let state: FolderState = { ...before, intents };
  if (intents.length > 0) await sending.save(state);
  const notices: Notice[] = [];
  let [written, stale] = [0, false];

  const deliver = async (batch: readonly FileDraft[]) => {
    const verdicts = await sending.group.push(batch, sending.work);
    for (const [index, draft] of batch.entries()) {
      const verdict = verdicts[index];
      if (verdict?.kind === 'written') written += 1;
      else if (verdict?.kind === 'too-large')
        notices.push({ kind: 'not-synced', path: draft.path, detail: 'it is too large' });
      else stale = true;
    }
    state = remember(state, batch, verdicts);
    await sending.save(state);
    sending.onSent(batch.length);
  };

  let batch: FileDraft[] = [];
  let bytes = 0;
  for (const push of pushes) {
    sending.work.signal?.throwIfAborted();
    const draft = await prepare(push, blobs, sending);
    if (typeof draft === 'string') {
      notices.push({ kind: 'not-synced', path: push.path, detail: draft });
      continue;
    }
    const size = draft.content?.length ?? 0;
    if (batch.length === batchFiles || (batch.length > 0 && bytes + size > batchBytes)) {
      await deliver(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(draft);
    bytes += size;
  }
  if (batch.length > 0) await deliver(batch);
  state = { ...state, intents: [] };
  if (pushes.length > 0) await sending.save(state);
  return { state, notices, written, stale };
}

const changed = 'it changed while it was read: sync again';

/** @returns why it cannot be sent, where it cannot */
async function prepare(
  push: Push,
  blobs: Map<string, BlobReference>,
  { root, group, work, onBytes }: Sending,
): Promise<FileDraft | string> {
  if (push.removed) return push;
  const full = join(root, push.path);
  const known = blobs.get(push.sha256);
  if (known !== undefined) return { ...push, blob: known };
  if ((await look(full))?.isFile() !== true) return changed;
  if (push.size <= longestRead) {
    const content = await readFile(full).catch(() => undefined);
    if (content === undefined || hashOf(content) !== push.sha256) return changed;
    if (group.isInline(content)) return { ...push, content };
  }
  try {
    const blob = await group.upload(full, { ...work, onProgress: ({ done }) => onBytes(done) });
    if ((await hashFile(full, work.signal)).sha256 !== push.sha256) return changed;
    blobs.set(push.sha256, blob);
    return { ...push, blob };
  } catch (error) {
    if (error instanceof BlobTooLarge) return `it is too large. ${error.message}`;
    if (error instanceof SourceChanged || errorCode(error) === 'ENOENT') return changed;
    throw error;
  }
}

function remember(state: FolderState, batch: readonly FileDraft[], verdicts: readonly FileVerdict[]): FolderState {
  const base = new Map(state.base.map((file) => [file.id, file]));
  const done = new Set<string>();
  for (const [index, draft] of batch.entries()) {
    const verdict = verdicts[index];
    if (verdict?.kind === 'blob-missing') forgetBlob(base, draft);
    if (verdict?.kind !== 'written') continue;
    done.add(draft.id);
    if (draft.removed) base.delete(draft.id);
    else base.set(draft.id, fileOf(draft, verdict.version));
  }
  return { ...state, base: [...base.values()], intents: state.intents.filter(({ id }) => !done.has(id)) };
}

function fileOf(draft: Exclude<FileDraft, { removed: true }>, version: string): RemoteFile {
  const { id, path, sha256, size, edited, blob } = draft;
  return { id, version, path, sha256, size, edited, ...(blob === undefined ? {} : { blob }) };
}

/** The blob is gone: it is sent anew the next time. */
function forgetBlob(base: Map<string, RemoteFile>, draft: FileDraft): void {
  for (const [id, file] of base) {
    if (!draft.removed && file.sha256 === draft.sha256) base.set(id, { ...file, blob: undefined });
  }
}
