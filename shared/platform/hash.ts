import { createHash } from 'node:crypto';

/** SHA-256, lower-case hex; parts are joined so that no two lists of parts hash alike. */
export function sha256Hex(...parts: readonly string[]): string {
  return createHash('sha256')
    .update(parts.length === 1 ? (parts[0] ?? '') : JSON.stringify(parts))
    .digest('hex');
}
