import type * as z from 'zod';
import type { configuration } from '../../shared/protocol/configuration.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { LimitsRefused } from '../refusals.ts';

export type Configuration = z.output<typeof configuration.output>;

/** The least with which this program can work: a server that publishes less would have it send for ever. */
const least = {
  pushChanges: 1,
  pushContentBytes: 10_000,
  pushBlobs: 1,
  inlineContentBytes: 10_000,
  syncCheckGroups: 1,
  blobPartBytes: 64 * 1024,
  blobParts: 1,
} as const;

/** What of a server's limits this program splits its work by. */
export type Limits = Readonly<Record<keyof typeof least, number>>;

/**
 * The published limits, where they are lower than those this program was made for: what is higher is for newer ones.
 * Parts of blobs are as long as the server says, whatever that is.
 * @throws {LimitsRefused}
 */
export function usableLimits({ limits: published }: Configuration): Limits {
  const usable = Object.entries(least).map(([name, floor]) => {
    const value = published[name] ?? 0;
    if (value < floor) throw new LimitsRefused(name, floor);
    return [name, name === 'blobPartBytes' ? value : Math.min(value, limits[name as keyof Limits])];
  });
  return Object.fromEntries(usable);
}
