import { type Change, type ChangeResult, contentBytes, type Resource } from '../../shared/protocol/changes.ts';
import { limits } from '../../shared/protocol/limits.ts';
import { create, type Ref, type Stored, update, type Write } from '../../shared/store/database.ts';
import type { StoredResource } from '../../shared/store/resources.ts';

/** What the server puts on a write. */
interface Stamp {
  readonly revision: number;
  readonly version: string;
  readonly keyEpoch: number;
  readonly by: string;
  readonly now: number;
}

interface Verdict {
  readonly result: ChangeResult;
  readonly write?: Write;
}

/** What becomes of one change, given what is stored. Clocks decide nothing: only whether the pusher saw the last version. */
export function judge(
  change: Change,
  ref: Ref<StoredResource>,
  stored: Stored<StoredResource> | undefined,
  stamp: Stamp,
): Verdict {
  const { id, baseVersion, removed } = change;
  if (contentBytes(change.encContent) > limits.inlineContentBytes) {
    return { result: { id, status: 'rejected', version: stored?.data.version ?? null, code: 'CONTENT_TOO_LARGE' } };
  }
  if (stored !== undefined && sameBytes(change, stored.data, stamp.keyEpoch)) {
    return { result: { id, status: 'unchanged', version: stored.data.version } };
  }
  if (stored !== undefined && stored.data.version !== baseVersion) {
    return { result: { id, status: 'conflict', version: stored.data.version, current: asResource(stored) } };
  }
  const { revision, version, keyEpoch, by, now } = stamp;
  const { type, name, lastEdited, encContent } = change;
  const written = {
    revision,
    version,
    keyEpoch,
    type,
    name,
    removed,
    lastEdited,
    lastEditedBy: by,
    encContent,
    blobIds: [],
  };
  const write =
    stored === undefined ? create(ref, { ...written, created: now, createdBy: by }) : update(stored, written);
  const status = removed ? 'removed' : stored === undefined ? 'created' : 'updated';
  return { result: { id, status, version }, write };
}

/** A resource as the wire has it. */
export function asResource({ id, data }: Stored<StoredResource>): Resource {
  const { type, name, version, removed, keyEpoch, createdBy, lastEdited, lastEditedBy, encContent } = data;
  return { id, type, name, version, removed, keyEpoch, createdBy, lastEdited, lastEditedBy, encContent };
}

/** A push that arrives twice must not look like a conflict with itself. */
function sameBytes(change: Change, stored: StoredResource, keyEpoch: number): boolean {
  return (
    change.encContent === stored.encContent &&
    change.removed === stored.removed &&
    change.name === stored.name &&
    change.type === stored.type &&
    keyEpoch === stored.keyEpoch
  );
}
