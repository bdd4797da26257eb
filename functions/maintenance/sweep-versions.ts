import type { Context } from '../../shared/platform/context.ts';
import { blobs } from '../../shared/store/blobs.ts';
import { erase, type Ref, remove, type Stored, update, type Write } from '../../shared/store/database.ts';
import { groups } from '../../shared/store/groups.ts';
import {
  resources,
  type StoredResource,
  type StoredVersion,
  versionKey,
  versions,
} from '../../shared/store/resources.ts';
import { changeReferences } from '../blob/references.ts';

/** All of a version but its content. */
export const dueFields = [
  'resourceId',
  'groupId',
  'revision',
  'removed',
  'bytes',
  'blobIds',
  'replaced',
  'unsweptSince',
] as const;
export type DueVersion = Stored<Pick<StoredVersion, (typeof dueFields)[number]>>;

export const none = { versions: 0, resources: 0, bytes: 0 };
export type SweptCounts = typeof none;

/** A version that goes, and what it held. */
interface Leaving {
  readonly ref: Ref<StoredVersion>;
  readonly bytes: number;
  readonly blobIds: readonly string[];
}

/**
 * Sweeps versions of one group that have stood for the retention time, each once: what such a version replaced has been
 * replaced for as long, and goes. If it is the removal that stands, it goes too, and the resource with it. One commit
 * with preconditions on all that it rests on. `due` must hold, of any resource, no version without all older ones
 * that are still unswept: else what those replaced would never be found again.
 * @throws CommitConflict when anybody wrote meanwhile
 */
export async function sweepVersions(
  groupId: string,
  due: readonly DueVersion[],
  context: Context,
): Promise<SweptCounts> {
  const { database } = context;
  const removals = due.filter(({ data }) => data.removed);
  const [group, ...standing] = await database.get(
    groups.doc(groupId),
    ...removals.map(({ data }) => resources(groupId).doc(data.resourceId)),
  );
  if (group === undefined) {
    await database.commit(due.map((version) => remove(version)));
    return { ...none, versions: due.length };
  }
  const ended = removals.flatMap((version, index) => endOf(version, standing[index]));
  const leaving = [
    ...due.flatMap((version) => replacedBy(groupId, version)),
    ...ended.map(({ version }) => itself(version)),
  ];
  const bytes = leaving.reduce((sum, version) => sum + version.bytes, 0);
  const purgedRevision = Math.max(group.data.purgedRevision, ...ended.map(({ version }) => version.data.revision));
  const head = update(group, { bytes: group.data.bytes - bytes, purgedRevision });
  await database.commit([
    ...(leaving.length > 0 ? [head] : []),
    ...settle(due, leaving),
    ...ended.map(({ resource }) => remove(resource)),
    ...(await releaseBlobs(groupId, leaving, context)),
  ]);
  return { versions: leaving.length, resources: ended.length, bytes };
}

/** The removal and its resource, if it is what stands. */
function endOf(version: DueVersion, resource: Stored<StoredResource> | undefined) {
  return resource?.data.revision === version.data.revision ? [{ version, resource }] : [];
}

function replacedBy(groupId: string, { data: { resourceId, replaced } }: DueVersion): Leaving[] {
  if (replaced === null) return [];
  return [{ ...replaced, ref: versions(groupId, resourceId).doc(versionKey(replaced.revision)) }];
}

const itself = ({ ref, data: { bytes, blobIds } }: DueVersion): Leaving => ({
  ref: { path: ref.path },
  bytes,
  blobIds,
});

/** Every due version is deleted or marked as swept, by a precondition once; others that leave are just deleted. */
function settle(due: readonly DueVersion[], leaving: readonly Leaving[]): Write[] {
  const going = new Set(leaving.map(({ ref }) => ref.path));
  const known = new Set(due.map(({ ref }) => ref.path));
  return [
    ...due.map((version) => (going.has(version.ref.path) ? remove(version) : update(version, { unsweptSince: null }))),
    ...leaving.filter(({ ref }) => !known.has(ref.path)).map(({ ref }) => erase(ref)),
  ];
}

async function releaseBlobs(
  groupId: string,
  leaving: readonly Leaving[],
  { database, clock }: Context,
): Promise<Write[]> {
  const released = Map.groupBy(
    leaving.flatMap(({ blobIds }) => blobIds),
    (id) => id,
  );
  const found = await database.get(...[...released.keys()].map((id) => blobs(groupId).doc(id)));
  return found.flatMap((blob) => {
    return blob === undefined ? [] : [changeReferences(blob, -(released.get(blob.id)?.length ?? 0), clock.now())];
  });
}
