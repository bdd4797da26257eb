import * as z from 'zod';
import type { Sealer } from '../../shared/platform/sealing.ts';
import { Problem } from '../../shared/protocol/problems.ts';
import type { Group } from '../../shared/store/groups.ts';

/**
 * A place in the order of a group's changes: who holds it has seen everything up to `revision`. `purged` is the group's
 * `purgedRevision` when its holder began from nothing: of tombstones that were gone by then it holds no live copy.
 */
export interface Place {
  readonly revision: number;
  readonly purged: number;
}

const contents = z.object({ g: z.string(), r: z.int().min(0), p: z.int().min(0) });
const purpose = 'pull cursor';

/** Opaque, signed, bound to the group. It carries no authority. */
export function signCursor(sealer: Sealer, groupId: string, { revision, purged }: Place): Promise<string> {
  const text = Buffer.from(JSON.stringify({ g: groupId, r: revision, p: purged })).toString('base64url');
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
  const { g, r, p } = contents.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  if (g !== groupId) throw invalid('The cursor belongs to another group.');
  return { revision: r, purged: p };
}

/** Whether a removal after this place may no longer be told. */
export const isExpired = ({ revision, purged }: Place, group: Group): boolean =>
  group.purgedRevision > Math.max(revision, purged);

/** Where a pull without a cursor stands. */
export const beginning = (group: Group): Place => ({ revision: 0, purged: group.purgedRevision });
