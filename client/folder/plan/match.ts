import { byContent } from '../by-content.ts';
import type { Intent, LocalFile, RemoteFile, RemoteRow } from './types.ts';

/** The base, less what is known to have been pushed since it was saved: a push whose answer was never read. */
export function rebase(base: readonly RemoteFile[], rows: readonly RemoteRow[], intents: readonly Intent[]) {
  const wanted = new Map(intents.map((intent) => [intent.id, intent]));
  const known = new Map(base.map((file) => [file.id, file]));
  for (const row of rows) {
    const intent = wanted.get(row.id);
    if (row.state !== 'file' || intent?.sha256 !== row.sha256) continue;
    known.set(row.id, { ...row, path: intent.path });
  }
  return known;
}

/**
 * Which file of the folder is which resource: by its path, else, when it has no other, by its content, which is what a
 * renamed file keeps. A file at the path of a resource that is new here is that resource if it has the same content.
 */
export function match(
  base: ReadonlyMap<string, RemoteFile>,
  rows: ReadonlyMap<string, RemoteRow>,
  local: readonly LocalFile[],
) {
  const free = new Map(local.map((file) => [file.path, file]));
  const matched = new Map<string, LocalFile>();
  const take = (id: string, file: LocalFile | undefined) => {
    if (file === undefined) return false;
    matched.set(id, file);
    return free.delete(file.path);
  };
  const byId = [...base.values()].sort(inOrder(({ id }) => id));
  const moved = byId.filter(({ id, path }) => !take(id, free.get(path)));
  const fresh = [...rows.values()].filter(({ id }) => !base.has(id)).sort(inOrder(({ id }) => id));
  for (const row of fresh) {
    const there = row.state === 'file' ? free.get(row.path) : undefined;
    if (row.state === 'file' && there?.sha256 === row.sha256) take(row.id, there);
  }
  const contents = byContent([...free.values()].sort(inOrder(({ path }) => path)));
  for (const { id, path, sha256 } of moved) {
    const same = (contents.get(sha256) ?? []).filter((file) => free.has(file.path));
    take(id, same.find((file) => nameOf(file.path) === nameOf(path)) ?? same[0]);
  }
  return { matched, fresh: [...free.values()] };
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** By code units: the same on every device. */
export function inOrder<T>(text: (each: T) => string): (one: T, other: T) => number {
  return (one, other) => (text(one) < text(other) ? -1 : text(one) > text(other) ? 1 : 0);
}
