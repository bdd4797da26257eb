import { limits } from '../../shared/protocol/limits.ts';

/**
 * URL-encoded characters of a content that stands in its resource: in hex, with the rest of an AES message, that is below
 * the limit of inline content. What is longer is a blob.
 */
export const inlineCharacters = (limits.inlineContentBytes - 20_000) / 2;

/** Bytes of a file that stands in its resource: in the longest spelling, base64, with its path. */
export const inlineBytes = Math.floor(inlineCharacters / (4 / 3));
