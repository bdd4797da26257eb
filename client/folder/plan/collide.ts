import { collisionKey, conflictPath, foldersOf } from '../paths.ts';
import { inOrder } from './match.ts';
import type { Item } from './merge.ts';
import type { Notice } from './types.ts';

/** Times that a new name may turn out to be taken as well. */
const turns = 100;

/**
 * Gives every file a path that no other has, on any system: neither the same in another spelling, nor one that the other
 * needs as a folder. Whoever the group knows keeps its path before whoever it does not, then the smaller id: so every
 * device decides alike. Of two with the same path and content one goes.
 */
export function settle(items: readonly Item[]): { items: Item[]; notices: Notice[] } {
  const notices: Notice[] = [];
  let settled = [...items];
  for (let turn = 0; turn < turns; turn++) {
    const losers = findLosers(settled);
    if (losers.size === 0) break;
    settled = settled.map((item) => {
      const winner = losers.get(item.id);
      if (winner?.final === undefined || item.final === undefined) return item;
      if (winner.final.path === item.final.path && winner.final.sha256 === item.final.sha256) {
        return { ...item, final: undefined };
      }
      const path = conflictPath(item.final.path, item.final, turn);
      notices.push({ kind: 'conflict', path: item.final.path, detail: `two files had this name; one is now ${path}` });
      return { ...item, final: { ...item.final, path } };
    });
  }
  return { items: settled, notices };
}

/** The id of each item that must give way, and the item it gives way to. */
function findLosers(items: readonly Item[]): Map<string, Item> {
  const losers = new Map<string, Item>();
  const owners = new Map<string, Item>();
  const standing = items.filter(({ final }) => final !== undefined);
  for (const item of standing.sort(inOrder(({ id, remote }) => `${remote === undefined ? 1 : 0} ${id}`))) {
    const key = collisionKey(item.final?.path ?? '');
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, item);
    else losers.set(item.id, owner);
  }
  for (const item of owners.values()) {
    for (const folder of foldersOf(collisionKey(item.final?.path ?? ''))) {
      const inTheWay = owners.get(folder);
      if (inTheWay !== undefined) losers.set(inTheWay.id, item);
    }
  }
  return losers;
}
