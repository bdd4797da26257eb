import { sealedSize } from '../../shared/crypto/blob.ts';
import { blobStatus, blobUpload } from '../../shared/protocol/blobs.ts';
import type { LongWork } from '../api/context.ts';
import type { Limits } from '../api/limits.ts';
import { CallFailed } from '../failures.ts';
import type { Group } from '../group.ts';
import type { Session } from '../log-in.ts';
import { AnswerContradictory } from '../refusals.ts';
import { asPlanned, type BlobPlan, type BlobReference, planBlob } from './plan.ts';
import { type BlobSource, cut, type Reading, readingOf } from './source.ts';

/** Parts on their way at once: each is held in memory until it has arrived. */
const parallel = 3;

/** As much of a session as an upload needs. */
type Speaker = Pick<Session, 'connection'>;

/** Sends one part, until a signal. @returns whether the blob is whole with it */
type SendPart = (part: number, bytes: Uint8Array<ArrayBuffer>, until: AbortSignal) => Promise<boolean>;

/**
 * Encrypts a source and sends the parts of it that the server does not have. One content in one group at one key epoch is
 * one blob: after a failure, or in another run, only what is missing is sent, and what is there costs one call.
 * @param work.onProgress counts bytes of ciphertext
 * @throws {BlobTooLarge | SourceChanged}
 * @throws {CallFailed} `QUOTA_EXCEEDED`, `ROLE_REQUIRED`, `GROUP_NOT_FOUND`
 */
export async function uploadBlob(
  { session, group, limits }: { readonly session: Speaker; readonly group: Group; readonly limits: Limits },
  source: BlobSource,
  { signal, onProgress }: LongWork,
): Promise<BlobReference> {
  const { blobPartBytes } = limits;
  const read = readingOf(source, blobPartBytes);
  const plan = await planBlob(group, read, limits, signal);
  const { reference } = plan;
  const total = sealedSize(reference.size);
  const parts = Math.ceil(total / blobPartBytes);
  const place = { groupId: group.id, blobId: reference.blobId };
  const missing = await missingParts(session, place, parts);
  const lengthOf = (part: number) => Math.min(blobPartBytes, total - part * blobPartBytes);
  let done = total - [...missing].reduce((sum, part) => sum + lengthOf(part), 0);
  const send: SendPart = async (part, bytes, until) => {
    const connection = session.connection.until(signal === undefined ? until : AbortSignal.any([signal, until]));
    const query = { ...place, part: String(part), parts: String(parts) };
    const answer = await connection.upload('blob-upload', blobUpload, query, bytes);
    if (answer.blobId !== place.blobId) throw new AnswerContradictory('blob-upload', 'it speaks of another blob');
    done += bytes.length;
    onProgress?.({ done, total });
    return answer.state === 'ready';
  };
  onProgress?.({ done, total });
  if (missing.size > 0 && !(await sendParts(plan, missing, read, blobPartBytes, send))) {
    throw new AnswerContradictory('blob-upload', 'every part has arrived, and the blob is not there');
  }
  return reference;
}

/** The numbers of the parts to send: of a blob that is complete and was never made whole the last one, again. */
async function missingParts(
  { connection }: Speaker,
  place: { readonly groupId: string; readonly blobId: string },
  parts: number,
): Promise<Set<number>> {
  const all = Array.from({ length: parts }, (_, part) => part);
  try {
    const { blobId, state, missing } = await connection.get('blob-status', blobStatus, place);
    if (blobId !== place.blobId) throw new AnswerContradictory('blob-status', 'it speaks of another blob');
    if (state === 'ready') return new Set();
    return new Set(missing.length === 0 ? [parts - 1] : missing.filter((part) => part < parts));
  } catch (error) {
    if (error instanceof CallFailed && error.code === 'BLOB_NOT_FOUND') return new Set(all);
    throw error;
  }
}

/**
 * Reads the source once more. When one part cannot be sent, those on their way with it are given up.
 * @throws {SourceChanged} before a part goes out that is not as planned
 */
async function sendParts(
  plan: BlobPlan,
  missing: ReadonlySet<number>,
  read: Reading,
  partBytes: number,
  send: SendPart,
): Promise<boolean> {
  const underway = new Set<Promise<void>>();
  let whole = false;
  let part = 0;
  const failed = new AbortController();
  try {
    for await (const { bytes } of cut(asPlanned(plan, read), partBytes)) {
      const number = part++;
      if (!missing.has(number)) continue;
      const sending = send(number, bytes, failed.signal).then((isWhole) => {
        whole ||= isWhole;
        underway.delete(sending);
      });
      sending.catch(() => {});
      underway.add(sending);
      if (underway.size >= parallel) await Promise.race(underway);
    }
    await Promise.all(underway);
    return whole;
  } catch (error) {
    failed.abort();
    await Promise.allSettled(underway);
    throw error;
  }
}
