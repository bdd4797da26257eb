import { blobChunkBytes, limits } from '../protocol/limits.ts';
import { type Collection, collection } from './database.ts';

/** One part as it was received. Its chunks are immutable: the same part sent again is another attempt. */
export interface BlobPart {
  /** Names the chunks: `ATTEMPT-0`, `ATTEMPT-1` and so on. */
  readonly attempt: string;
  readonly bytes: number;
}

/** Ciphertext of any size, or what has come of it. Key: SHA-256 of the whole, hex. */
export interface StoredBlob {
  readonly groupId: string;
  readonly state: 'uploading' | 'ready';
  /** How many parts it comes in. */
  readonly parts: number;
  /** By part number. Never changes once the blob is ready. */
  readonly received: Readonly<Record<string, BlobPart>>;
  /** Bytes received; of a ready blob, its size. */
  readonly size: number;
  /** Versions of resources, past ones included, that refer to it. */
  readonly references: number;
  readonly created: number;
  readonly createdBy: string;
  /** When the last part came, or the last reference went: after a day the sweep takes it. Null while it is referred to. */
  readonly idleSince: number | null;
}

export const blobs = (groupId: string): Collection<StoredBlob> => collection<StoredBlob>(`groups/${groupId}/blobs`);

/** The blobs of every group, for the sweep. */
export const allBlobs = collection<StoredBlob>('blobs');

export interface Chunk {
  readonly data: Uint8Array;
}

export const chunks = (groupId: string, blobId: string): Collection<Chunk> =>
  collection<Chunk>(`groups/${groupId}/blobs/${blobId}/chunks`);

/** Chunks that no blob holds: being written, replaced, or of a blob that is gone. Key: the attempt. */
export interface LoosePart {
  readonly groupId: string;
  readonly blobId: string;
  /** From then on the sweep may take them. 0: they are given up, and no blob can have them any more. */
  readonly sweepFrom: number;
}

export const looseParts = collection<LoosePart>('looseParts');

/** Chunks of every part but the last, which may have fewer. */
export const chunksPerPart = limits.blobPartBytes / blobChunkBytes;

/** The document key of a chunk: the attempt, and the chunk's place in its part. */
export const chunkKey = (attempt: string, index: number): string => `${attempt}-${index}`;
