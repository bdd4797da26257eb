import { join } from 'node:path';
import { look, wayFault } from './disk.ts';
import { pathFault } from './paths.ts';
import type { LocalFile, RemoteRow } from './plan/types.ts';

/**
 * What stands in a folder where rows of the group want to be, and is no file that is synced: a link, a folder of
 * something else, a file that is ignored. None of it is touched.
 */
export async function findObstacles(
  root: string,
  rows: readonly RemoteRow[],
  local: readonly LocalFile[],
): Promise<Map<string, string>> {
  const files = new Set(local.map(({ path }) => path));
  const obstacles = new Map<string, string>();
  for (const row of rows) {
    if (row.state !== 'file' || files.has(row.path) || pathFault(row.path) !== undefined) continue;
    const fault = await faultAt(root, row.path, files);
    if (fault !== undefined) obstacles.set(row.path, fault);
  }
  return obstacles;
}

async function faultAt(root: string, path: string, files: ReadonlySet<string>): Promise<string | undefined> {
  const way = await wayFault(root, path);
  if (way !== undefined) return onTheWay(path, files) ? undefined : way;
  const found = await look(join(root, path));
  if (found === undefined) return undefined;
  if (found.isFile()) {
    // On some systems another spelling leads to the same file, which sync knows.
    const twin = [...files].find((each) => each.toLowerCase() === path.toLowerCase());
    return twin === undefined ? 'a file that is not synced, perhaps an ignored one, stands there' : undefined;
  }
  if (!found.isDirectory()) return 'something that is no ordinary file stands there';
  const holds = [...files].some((each) => each.startsWith(`${path}/`));
  return holds ? undefined : 'a folder with nothing that is synced stands there';
}

/** Whether a file that is synced stands where a folder is needed: that is for the plan to settle. */
const onTheWay = (path: string, files: ReadonlySet<string>): boolean =>
  path.split('/').some((_name, index, names) => index > 0 && files.has(names.slice(0, index).join('/')));
