import { conflictPath } from '../paths.ts';
import type { LocalFile, Notice, RemoteFile } from './types.ts';

/** One file on its way to where folder and group agree. */
export interface Item {
  readonly id: string;
  /** As the group has it, if it does. */
  readonly remote: RemoteFile | undefined;
  /** As it is to be on both sides; undefined when it is to be gone. */
  readonly final: LocalFile | undefined;
}

export interface Merged {
  /** Undefined when neither side has it any more. */
  readonly item?: Item;
  /** What is to become a resource of its own. */
  readonly beside?: LocalFile;
  readonly notice?: Notice;
}

/**
 * The three-way comparison of one resource: what each side has made of what both had. Path and content are merged one by
 * one, so that a rename here and an edit there come together. Whoever only deleted gives way to whoever changed.
 */
export function merge(
  base: RemoteFile | undefined,
  local: LocalFile | undefined,
  remote: RemoteFile | undefined,
): Merged {
  if (base === undefined) return remote === undefined ? {} : { item: { id: remote.id, remote, final: remote } };
  if (remote === undefined) return removedThere(base, local);
  if (local === undefined) return removedHere(base, remote);
  const path = pathOf(base, local, remote);
  const moved: Notice | undefined =
    local.path !== base.path && path !== local.path
      ? { kind: 'moved', path, detail: `it was renamed to ${local.path} here, and elsewhere to this` }
      : undefined;
  const rejoin = (final: LocalFile): Merged => ({
    item: { id: base.id, remote, final },
    ...(moved && { notice: moved }),
  });
  if (local.sha256 === base.sha256) return rejoin({ ...remote, path });
  if (remote.sha256 === base.sha256 || remote.sha256 === local.sha256) return rejoin({ ...local, path });
  const beside = { ...local, path: conflictPath(path, local) };
  return {
    item: { id: base.id, remote, final: { ...remote, path } },
    beside,
    notice: { kind: 'conflict', path, detail: `it was edited here and elsewhere; what was here is in ${beside.path}` },
  };
}

function pathOf(base: RemoteFile, local: LocalFile, remote: RemoteFile): string {
  return remote.path === base.path ? local.path : remote.path;
}

function removedThere(base: RemoteFile, local: LocalFile | undefined): Merged {
  if (local === undefined) return {};
  if (local.sha256 === base.sha256 && local.path === base.path) {
    return { item: { id: base.id, remote: undefined, final: undefined } };
  }
  const notice: Notice = { kind: 'kept', path: local.path, detail: 'it was removed elsewhere, and changed here' };
  return { beside: local, notice };
}

function removedHere(base: RemoteFile, remote: RemoteFile): Merged {
  const same = remote.sha256 === base.sha256 && remote.path === base.path;
  if (same) return { item: { id: base.id, remote, final: undefined } };
  const notice: Notice = { kind: 'kept', path: remote.path, detail: 'it was removed here, and changed elsewhere' };
  return { item: { id: base.id, remote, final: remote }, notice };
}
