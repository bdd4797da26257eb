import { join } from 'node:path';
import { BlobTampered } from '../../shared/crypto/errors.ts';
import { CallFailed } from '../failures.ts';
import type { FileGroup, PulledRow, Work } from './group-port.ts';
import type { Incoming } from './incoming.ts';
import type { LocalFile, RemoteFile, Write } from './plan/types.ts';

export interface Contents {
  readonly root: string;
  readonly group: FileGroup;
  readonly incoming: Incoming;
  readonly work: Work;
}

type OnProgress = (progress: { readonly done: number; readonly total: number; readonly bytes?: number }) => void;

/** What no trying again helps against. */
const goneForGood = new Set(['BLOB_NOT_FOUND', 'BLOB_INCOMPLETE', 'RESOURCE_NOT_FOUND']);

/**
 * Has every content at hand that is to be written: from the folder itself, where a file was renamed or copied, else from
 * the group. One that is not to be had is refused from then on.
 * @param rows where contents may be in the group
 * @returns false when not all are there, or a file has changed meanwhile: look again
 */
export async function fetchContents(
  contents: Contents,
  writes: readonly Write[],
  files: readonly LocalFile[],
  rows: readonly RemoteFile[],
  onProgress: OnProgress,
): Promise<boolean> {
  const { incoming } = contents;
  const there = new Map(rows.map((row) => [row.sha256, row]));
  const missing = await notHere(contents, writes, files);
  let [done, whole] = [0, true];
  const total = missing.size;
  for (const sha256 of missing) {
    onProgress({ done, total });
    const row = there.get(sha256);
    if (row === undefined) return false;
    const fault = await fetchOne(contents, row, (bytes) => onProgress({ done, total, bytes }));
    done += 1;
    if (fault === undefined) continue;
    whole = false;
    await incoming.refuse({ state: 'unreadable', id: row.id, version: row.version, reason: fault });
  }
  await incoming.flush();
  return whole;
}

/** The hashes of contents that are neither on their way nor in the folder. */
async function notHere(
  { root, incoming }: Contents,
  writes: readonly Write[],
  files: readonly LocalFile[],
): Promise<Set<string>> {
  const here = new Map(files.map((file) => [file.sha256, file.path]));
  const missing = new Set<string>();
  for (const { sha256 } of writes) {
    if (missing.has(sha256) || (await incoming.has(sha256))) continue;
    const path = here.get(sha256);
    if (path !== undefined && (await incoming.keepCopy(join(root, path), sha256))) continue;
    missing.add(sha256);
  }
  return missing;
}

/** @returns why it is not to be had */
async function fetchOne(
  { group, incoming, work }: Contents,
  row: RemoteFile,
  onBytes: (done: number) => void,
): Promise<string | undefined> {
  try {
    const content =
      row.blob === undefined
        ? contentIn(await group.fetch(row.id, work))
        : await group.download(row.blob, { ...work, onProgress: ({ done }) => onBytes(done) });
    if (content === undefined) return 'its content does not stand in the group any more';
    return (await incoming.receive(row, content)) ? undefined : 'its content is not what its own hash says';
  } catch (error) {
    if (error instanceof BlobTampered) return error.message;
    if (error instanceof CallFailed && goneForGood.has(error.code)) return error.message;
    throw error;
  }
}

const contentIn = (row: PulledRow | undefined): Buffer[] | undefined =>
  row?.content === undefined ? undefined : [row.content];
