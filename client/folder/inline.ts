import { limits } from '../../shared/protocol/limits.ts';

/**
 * Bytes of a file that may stand in its resource: in the longest spelling, base64 in hex, with the path and the rest of
 * an AES message, that is below the limit of inline content. What is longer is a blob.
 */
export const inlineBytes = Math.floor((limits.inlineContentBytes - 20_000) / (2 * (4 / 3)));
