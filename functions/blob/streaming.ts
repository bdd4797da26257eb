import type { Resources } from '../../shared/platform/definition.ts';

/**
 * For what streams blobs: a stream holds some chunks and their encoded copies, about 20 MiB at its peak, so eight of
 * them fit beside the 150 MiB that the process itself takes. The longest thing is to hash 240 MiB out of the store.
 */
export const streaming: Partial<Resources> = { memoryMiB: 512, concurrency: 8, timeoutSeconds: 300 };
