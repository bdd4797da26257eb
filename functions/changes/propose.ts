import type { SessionContext } from '../../shared/platform/context.ts';
import { type ChangeResult, contentBytes } from '../../shared/protocol/changes.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { blobs } from '../../shared/store/blobs.ts';
import { create, type Stored, update, type Write } from '../../shared/store/database.ts';
import type { Group } from '../../shared/store/groups.ts';
import { resources, type StoredResource, versionKey, versions } from '../../shared/store/resources.ts';
import { refer } from '../blob/references.ts';
import { requireRoom } from '../group/quota.ts';
import { judge, type Proposal } from './verdict.ts';
import { mintVersion } from './version.ts';

/** What a list of changes comes to: verdicts in their order, and the writes that make them true. */
export interface Outcome {
  readonly results: readonly ChangeResult[];
  /** Of the group, once the writes are committed. */
  readonly revision: number;
  readonly writes: readonly Write[];
}

/**
 * Judges changes against what was read of a group. Nothing is written: `writes` is for one commit, in which every
 * document that the verdicts rest on carries a precondition, the group's head included. Two writes a change and one for
 * the head; where changes name blobs, one read for each and one write for each newly named.
 * @throws Problem `QUOTA_EXCEEDED`
 */
export async function propose(
  group: Stored<Group>,
  proposals: readonly Proposal[],
  context: SessionContext,
): Promise<Outcome> {
  const { caller, clock, random } = context;
  const now = clock.now();
  const known = await readyBlobs(group.id, proposals, context);
  const results: ChangeResult[] = [];
  const writes: Write[] = [];
  const references = new Map<string, number>();
  let { revision, bytes } = group.data;
  let added = 0;
  for (const proposal of proposals) {
    const next = revision + 1;
    const stamp = { revision: next, version: mintVersion(next, random), by: caller.accountId, now };
    const { result, written } = judge(proposal, (id) => known.has(id), stamp);
    results.push(result);
    if (written === undefined) continue;
    revision = next;
    const size = contentBytes(written.encContent);
    writes.push(...record(group.id, proposal, written, size));
    bytes += size;
    // A removal is let through a full quota: else nobody could make room.
    if (!written.removed) added += size;
    for (const id of written.blobIds) references.set(id, (references.get(id) ?? 0) + 1);
  }
  await requireRoom(context, group, added);
  if (writes.length > 0) writes.unshift(update(group, { revision, bytes }));
  for (const [id, count] of references) {
    const blob = known.get(id);
    if (blob !== undefined) writes.push(refer(blob, count, now));
  }
  return { results: withinRowBytes(results), revision, writes };
}

/** The resource as it now stands, and the same as a version that stays. */
function record(groupId: string, { change, stored }: Proposal, written: StoredResource, bytes: number): Write[] {
  const ref = resources(groupId).doc(change.id);
  const replaced =
    stored === undefined
      ? null
      : {
          revision: stored.data.revision,
          bytes: contentBytes(stored.data.encContent),
          blobIds: stored.data.blobIds,
        };
  const version = {
    ...written,
    groupId,
    resourceId: change.id,
    bytes,
    replaced,
    unsweptSince: written.written,
  };
  return [
    stored === undefined ? create(ref, written) : update(stored, written),
    create(versions(groupId, change.id).doc(versionKey(written.revision)), version),
  ];
}

async function readyBlobs(groupId: string, proposals: readonly Proposal[], { database }: SessionContext) {
  const ids = [...new Set(proposals.flatMap(({ change }) => change.blobIds))];
  const found = await database.get(...ids.map((id) => blobs(groupId).doc(id)));
  return new Map(found.flatMap((blob) => (blob?.data.state === 'ready' ? [[blob.id, blob] as const] : [])));
}

/** Leaves the rows out that would make the answer, and the record of it, too large for the commit. */
function withinRowBytes(results: readonly ChangeResult[]): ChangeResult[] {
  let left = limits.conflictRowBytes;
  return results.map((result) => {
    if (result.current === undefined) return result;
    const { current, ...bare } = result;
    const size = contentBytes(JSON.stringify(JSON.stringify(current)));
    if (size > left) return bare;
    left -= size;
    return result;
  });
}
