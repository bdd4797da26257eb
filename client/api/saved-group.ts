import * as z from 'zod';
import { parseAesKey } from '../../shared/crypto/aes-key.ts';
import { groupId, keyEpoch, name, role } from '../../shared/protocol/fields.ts';
import { teamId } from '../../shared/protocol/team.ts';
import { SavedStateUnusable } from '../failures.ts';
import type { Group } from '../group.ts';

const saved = z.object({
  v: z.literal(1),
  id: groupId,
  name,
  teamId,
  role,
  keyEpoch,
  keys: z.array(z.object({ keyEpoch, key: z.string() })),
});

/** A group with its keys in the clear, as JSON: whoever reads it reads the group. Keep it like a private key. */
export type SavedGroup = z.infer<typeof saved>;

export function saveGroup({ keys, ...group }: Group): SavedGroup {
  const open = [...keys].map(([epoch, key]) => ({ keyEpoch: epoch, key: JSON.stringify(key) }));
  return { v: 1, ...group, keys: open };
}

/** @throws {SavedStateUnusable} */
export function openSavedGroup(given: unknown): Group {
  try {
    const { v: _v, keys, ...group } = saved.parse(given);
    return { ...group, keys: new Map(keys.map((each) => [each.keyEpoch, parseAesKey(each.key)])) };
  } catch {
    throw new SavedStateUnusable('the group is not whole', 'Open it by its id');
  }
}
