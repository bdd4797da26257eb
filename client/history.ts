import type * as z from 'zod';
import type { ChangeResult } from '../shared/protocol/changes.ts';
import { resourceHistory, resourceRestore } from '../shared/protocol/history.ts';
import type { Group } from './group.ts';
import type { Session } from './log-in.ts';

/** One version of a resource, still encrypted: `openResource` opens it. */
export type Version = z.output<typeof resourceHistory.output>['versions'][number];

/**
 * Every version of a resource that the server still keeps, newest first, the one that stands included.
 * @throws {CallFailed} `RESOURCE_NOT_FOUND`, `GROUP_NOT_FOUND`
 */
export async function* history({ connection }: Session, { id: groupId }: Group, id: string): AsyncGenerator<Version> {
  let next: number | null = null;
  do {
    const before: { before?: string } = next === null ? {} : { before: String(next) };
    const page = await connection.get('resource-history', resourceHistory, { groupId, id, ...before });
    yield* page.versions;
    next = page.next;
  } while (next !== null);
}

/**
 * Has an earlier version again, as a new one; the version that stood stays in the history.
 * @param baseVersion the version that stands, as far as the caller knows
 * @throws {CallFailed} `VERSION_NOT_FOUND`, `KEY_EPOCH_STALE`, `ROLE_REQUIRED`
 */
export async function restore(
  { connection }: Session,
  { id: groupId, keyEpoch }: Group,
  { id, version }: Pick<Version, 'id' | 'version'>,
  baseVersion: string,
): Promise<ChangeResult> {
  const wanted = { groupId, keyEpoch, id, version, baseVersion, lastEdited: Date.now() };
  return (await connection.post('resource-restore', resourceRestore, wanted)).result;
}
