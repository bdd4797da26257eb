import type { FileGroup } from './group-port.ts';
import { readIgnoring } from './ignoring.ts';
import { plan } from './plan/plan.ts';
import type { Notice } from './plan/types.ts';
import { scan } from './scan.ts';
import { readState } from './state.ts';

/** What a folder has that its group has not. */
export interface FolderChange {
  readonly kind: 'new' | 'changed' | 'renamed' | 'removed';
  readonly path: string;
  /** Of a renamed one. */
  readonly from?: string;
}

export interface FolderStatus {
  readonly files: number;
  readonly changes: readonly FolderChange[];
  readonly notices: readonly Notice[];
  /** Undefined without a group to ask. */
  readonly changedElsewhere: boolean | undefined;
  /** The group is deleted, or cannot be opened any more. */
  readonly gone: boolean;
}

/** Compares a folder with what it had the last time, and asks the group in one call whether it has moved on. */
export async function folderStatus(
  root: string,
  group: FileGroup | undefined,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<FolderStatus> {
  const state = await readState(root);
  const tracked = new Set(state.base.map(({ path }) => path));
  const scanned = await scan(root, state.seen, { ignores: await readIgnoring(root), tracked, signal });
  const { pushes, notices } = plan({
    base: state.base,
    local: scanned.files,
    remote: state.refused,
    intents: state.intents,
    obstacles: new Map(),
    newId: () => 'new',
  });
  const before = new Map(state.base.map((file) => [file.id, file.path]));
  const changes = pushes.map(({ id, path, removed, baseVersion }): FolderChange => {
    const from = before.get(id);
    if (removed) return { kind: 'removed', path };
    if (baseVersion === null) return { kind: 'new', path };
    return from === undefined || from === path ? { kind: 'changed', path } : { kind: 'renamed', path, from };
  });
  const news = await group?.check(state.cursor, { signal });
  return {
    files: scanned.files.length,
    changes: changes.sort((one, other) => (one.path < other.path ? -1 : 1)),
    notices: [...scanned.notices, ...notices],
    changedElsewhere: news && (news.changed || news.expired),
    gone: news?.gone ?? false,
  };
}
