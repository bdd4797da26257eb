/**
 * Names one write of a resource: the group's revision, and random bytes besides, for after a restore from a backup
 * revisions are given out again, and a version must never be.
 */
export const mintVersion = (revision: number, random: (bytes: number) => Uint8Array): string =>
  `${revision.toString(36)}-${Buffer.from(random(6)).toString('base64url')}`;

/** The revision that a version was minted with; 0, which no version has, for a text that is none. */
export function revisionOf(version: string): number {
  const revision = Number.parseInt(version.split('-')[0] ?? '', 36);
  return Number.isSafeInteger(revision) && revision > 0 ? revision : 0;
}
