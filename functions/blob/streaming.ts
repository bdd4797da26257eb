import type { Resources } from '../../shared/platform/definition.ts';

/**
 * For what streams blobs. Beside the 160 MiB that the process takes anyway, one stream adds 17 MiB at its peak and four
 * at once 21 (`npm run bench blob-memory`), so memory would bear more than eight; but each keeps a processor busy, with
 * hashing and copying. The longest thing to wait for is the hash of 240 MiB out of the store.
 */
export const streaming: Partial<Resources> = { memoryMiB: 512, concurrency: 8, timeoutSeconds: 300 };
