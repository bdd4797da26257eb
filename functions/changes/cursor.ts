import * as z from 'zod';
import type { Sealer } from '../../shared/platform/sealing.ts';
import { Problem } from '../../shared/protocol/problems.ts';

const contents = z.object({ g: z.string(), r: z.int().min(0) });
const purpose = 'pull cursor';

/** A place in the order of a group's changes: opaque, signed, bound to the group. It carries no authority. */
export function signCursor(sealer: Sealer, groupId: string, revision: number): Promise<string> {
  const text = Buffer.from(JSON.stringify({ g: groupId, r: revision })).toString('base64url');
  return sealer.sign('state-key', purpose, text);
}

/**
 * The revision up to which its holder has seen everything.
 * @throws Problem `CURSOR_INVALID` when it is not ours or belongs to another group
 */
export async function openCursor(sealer: Sealer, groupId: string, cursor: string): Promise<number> {
  const text = await sealer.verify('state-key', purpose, cursor);
  if (text === undefined) throw invalid('The cursor was not made by this server, or was changed.');
  const { g, r } = contents.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  if (g !== groupId) throw invalid('The cursor belongs to another group.');
  return r;
}

const invalid = (message: string) => new Problem('CURSOR_INVALID', message, { errors: [{ path: '/cursor', message }] });
