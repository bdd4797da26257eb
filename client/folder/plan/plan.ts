import { collisionKey, pathFault } from '../paths.ts';
import { settle } from './collide.ts';
import { match, rebase } from './match.ts';
import { type Item, merge } from './merge.ts';
import type { LocalFile, Notice, Plan, PlanInput, Push, RemoteFile, RemoteRow } from './types.ts';

/**
 * Decides what a sync is to do, from what the folder holds, what the group holds, and what both held the last time. It
 * touches nothing; docs/folder-sync.md says the rules in words.
 */
export function plan({ base, local, remote, complete = false, intents, obstacles, newId }: PlanInput): Plan {
  const rows = new Map(remote.map((row) => [row.id, row]));
  const known = rebase(base, remote, intents);
  const { matched, fresh } = match(known, rows, local);
  const { refused, notices } = refuse(rows, matched, obstacles);
  const held = new Set(refused.map(({ id }) => id));

  const items: Item[] = [];
  const ids = new Set([...known.keys(), ...rows.keys()]);
  const beside = [...fresh];
  for (const id of ids) {
    if (held.has(id)) continue;
    const before = known.get(id);
    const merged = merge(before, matched.get(id), standing(before, rows.get(id), complete));
    if (merged.item !== undefined) items.push(merged.item);
    if (merged.beside !== undefined) beside.push(merged.beside);
    if (merged.notice !== undefined) notices.push(merged.notice);
  }
  const intended = new Map(intents.filter(({ id }) => !ids.has(id)).map(({ id, path }) => [path, id]));
  for (const final of beside) items.push({ id: intended.get(final.path) ?? newId(), remote: undefined, final });

  const settled = settle(items);
  const kept = new Set(refused.flatMap(({ id }) => matched.get(id)?.path ?? []));
  return {
    ...changesHere(settled.items, local, kept),
    base: [
      ...settled.items.flatMap(({ remote: there }) => there ?? []),
      ...refused.flatMap(({ id }) => known.get(id) ?? []),
    ],
    refused,
    pushes: settled.items.flatMap((item) => pushOf(item) ?? []),
    notices: [...notices, ...settled.notices],
  };
}

function standing(base: RemoteFile | undefined, row: RemoteRow | undefined, complete: boolean): RemoteFile | undefined {
  if (row === undefined) return complete ? undefined : base;
  return row.state === 'file' ? row : undefined;
}

/** Rows that nothing is done about: their files stay here as they are, and nothing of them is pushed. */
function refuse(
  rows: ReadonlyMap<string, RemoteRow>,
  matched: ReadonlyMap<string, LocalFile>,
  obstacles: PlanInput['obstacles'],
) {
  const refused: RemoteRow[] = [];
  const notices: Notice[] = [];
  const occupied = new Set<string>();
  const judge = (fault: (row: RemoteRow) => string | undefined) => {
    for (const row of rows.values()) {
      const reason = refused.includes(row) ? undefined : fault(row);
      if (reason === undefined) continue;
      refused.push(row);
      notices.push({ kind: 'refused', path: row.state === 'file' ? row.path : row.id, detail: reason });
      const here = matched.get(row.id);
      if (here !== undefined) occupied.add(collisionKey(here.path));
    }
  };
  judge((row) => {
    if (row.state === 'unreadable') return row.reason;
    return row.state === 'file' ? (pathFault(row.path) ?? obstacles.get(row.path)) : undefined;
  });
  judge((row) => {
    const taken = row.state === 'file' && occupied.has(collisionKey(row.path));
    return taken ? 'a file stands there whose own change was refused' : undefined;
  });
  return { refused, notices };
}

function changesHere(items: readonly Item[], local: readonly LocalFile[], kept: ReadonlySet<string>) {
  const targets = new Map(items.flatMap(({ final }) => (final === undefined ? [] : [[final.path, final] as const])));
  const spellings = new Map([...targets.keys()].map((path) => [collisionKey(path), path]));
  const here = new Map(local.map((file) => [file.path, file.sha256]));
  const gone = local.filter(({ path }) => !targets.has(path) && !kept.has(path));
  const respellings = gone.flatMap(({ path: from, sha256 }) => {
    const to = spellings.get(collisionKey(from));
    if (to === undefined || here.has(to)) return [];
    here.set(to, sha256);
    return [{ from, to }];
  });
  const respelled = new Set(respellings.map(({ from }) => from));
  const writes = [...targets.values()].flatMap(({ path, sha256, size }) => {
    const expected = here.get(path) ?? null;
    return expected === sha256 ? [] : [{ path, sha256, size, expected }];
  });
  const removals = gone.flatMap(({ path, sha256, size }) => (respelled.has(path) ? [] : [{ path, sha256, size }]));
  return { respellings, writes, removals };
}

function pushOf({ id, remote, final }: Item): Push | undefined {
  if (final === undefined) {
    return remote && { id, path: remote.path, baseVersion: remote.version, removed: true };
  }
  if (remote?.path === final.path && remote.sha256 === final.sha256) return undefined;
  const { path, sha256, size, edited } = final;
  return { id, path, sha256, size, edited, baseVersion: remote?.version ?? null, removed: false };
}
