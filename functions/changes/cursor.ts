import * as z from 'zod';
import type { Sealer } from '../../shared/platform/sealing.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import type { Group } from '../../shared/store/groups.ts';

/**
 * A place in the order of a group's changes: who holds it has been told everything up to `revision`, and surely up to
 * `from`, where the page began that led here. Between the two a removal may have been purged while that page was being
 * read, after `purged`, the group's `purgedRevision`, had been read for it.
 */
export interface Place {
  readonly revision: number;
  readonly from: number;
  readonly purged: number;
}

const contents = z.object({ g: z.string(), r: z.int().min(0), f: z.int().min(0), p: z.int().min(0) });
const purpose = 'pull cursor';

/** Opaque, signed, bound to the group. It carries no authority. */
export function signCursor(sealer: Sealer, groupId: string, { revision, from, purged }: Place): Promise<string> {
  const text = Buffer.from(JSON.stringify({ g: groupId, r: revision, f: from, p: purged })).toString('base64url');
  return sealer.sign('state-key', purpose, text);
}

/**
 * @param path where the cursor stands in the input, as a JSON pointer
 * @throws Problem `CURSOR_INVALID` when it is not ours or belongs to another group
 */
export async function openCursor(sealer: Sealer, groupId: string, cursor: string, path = '/cursor'): Promise<Place> {
  const invalid = (message: string) => new Problem('CURSOR_INVALID', message, { errors: [{ path, message }] });
  const text = await sealer.verify('state-key', purpose, cursor);
  if (text === undefined) throw invalid('The cursor was not made by this server, or was changed.');
  const { g, r, f, p } = contents.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  if (g !== groupId) throw invalid('The cursor belongs to another group.');
  return { revision: r, from: f, purged: p };
}

/**
 * Whether a removal may have been purged that the holder was not told of. A cursor can expire that missed nothing, if
 * what its last page told was purged since; that takes the retention time. None can stay that did miss something.
 */
export const isExpired = ({ from, purged }: Place, group: Group): boolean =>
  group.purgedRevision > Math.max(from, purged);

/** Where a pull without a cursor stands: of tombstones that are gone by now its holder has no live copy. */
export const beginning = (group: Group): Place => ({ revision: 0, from: 0, purged: group.purgedRevision });
