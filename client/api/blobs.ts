import type * as z from 'zod';
import { blobDelete, blobStatus } from '../../shared/protocol/blobs.ts';
import { downloadBlob } from '../blob/download.ts';
import type { BlobReference } from '../blob/plan.ts';
import type { BlobSource } from '../blob/source.ts';
import { uploadBlob } from '../blob/upload.ts';
import type { Context, LongWork, Until } from './context.ts';
import type { OpenGroup } from './open-group.ts';

export type BlobStatus = z.output<typeof blobStatus.output>;

/** The blobs of one group: content too large for a resource, or not a text. */
export class Blobs {
  readonly #context: Context;
  readonly #group: OpenGroup;

  constructor(context: Context, group: OpenGroup) {
    this.#context = context;
    this.#group = group;
  }

  /**
   * Encrypts and sends, never all of it in memory. To go on after a failure, or in another run, call it again: what the
   * server has is not sent twice.
   * @param source read up to three times: a file's function opens it each time
   * @param options.onProgress counts bytes of ciphertext
   * @returns the reference: put it into the content of a resource whose `blobIds` names it, or the blob is swept in a day
   * @throws {BlobTooLarge | SourceChanged}
   * @throws {CallFailed} `QUOTA_EXCEEDED`, `ROLE_REQUIRED`
   */
  async upload(source: BlobSource, work: LongWork = {}): Promise<BlobReference> {
    const limits = await this.#context.limits(work);
    const session = this.#context.session(work);
    return uploadBlob({ session, group: this.#group.keys, limits }, source, work);
  }

  /**
   * The content as a stream, each chunk verified before it is handed out; what breaks off is gone on with.
   * @throws {CallFailed} `BLOB_NOT_FOUND`, `BLOB_INCOMPLETE`
   * @throws {BlobTampered} from the stream: then throw away what came before
   */
  async download(reference: BlobReference, work: LongWork = {}): Promise<ReadableStream<Uint8Array>> {
    if (reference.keyEpoch > this.#group.keyEpoch) await this.#group.refresh(work);
    return downloadBlob({ session: this.#context.session(work), group: this.#group.keys }, reference, work);
  }

  /** @throws {CallFailed} `BLOB_NOT_FOUND` */
  status(blobId: string, until: Until = {}): Promise<BlobStatus> {
    const { connection } = this.#context.session(until);
    return connection.get('blob-status', blobStatus, { groupId: this.#group.id, blobId });
  }

  /** One that no resource refers to, in any version. @throws {CallFailed} `BLOB_NOT_FOUND`, `BLOB_IN_USE` */
  async delete(blobId: string, until: Until = {}): Promise<void> {
    const { connection } = this.#context.session(until);
    await connection.post('blob-delete', blobDelete, { groupId: this.#group.id, blobId });
  }
}
