/** A package as npm's lock file (version 3) has it, under the path where it is installed. */
export interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly [more: string]: unknown;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/**
 * The part of a lock file that some packages need, for a `package.json` that depends on them and nothing else. Where each
 * was found is left out: npm takes them from its registry, and the integrity says that they are the same.
 * @throws Error naming the package that the lock file lacks
 */
export function partOfLock(lock: Lock, name: string, wanted: readonly string[]) {
  const kept = new Map<string, LockedPackage>();
  const todo = wanted.map((each) => place(lock, '', each) ?? missing(each, 'package.json'));
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    const found = lock.packages[path];
    if (found === undefined || kept.has(path)) continue;
    kept.set(path, facts(found));
    const optional = new Set([...Object.keys(found.optionalDependencies ?? {}), ...optionalPeers(found)]);
    const needed = { ...found.dependencies, ...found.optionalDependencies, ...found.peerDependencies };
    for (const each of Object.keys(needed)) {
      const where = place(lock, path, each);
      if (where !== undefined) todo.push(where);
      else if (!optional.has(each)) missing(each, path);
    }
  }
  const packages: Record<string, object> = {
    '': { name, version: '0.0.0', dependencies: exactVersions(lock, wanted) },
    ...Object.fromEntries([...kept].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return { name, version: '0.0.0', lockfileVersion: 3, requires: true, packages };
}

/** The versions that the lock file has, by name. */
export const exactVersions = (lock: Lock, wanted: readonly string[]): Record<string, string> =>
  Object.fromEntries([...wanted].sort().map((each) => [each, lock.packages[`node_modules/${each}`]?.version ?? '']));

/** Where Node would find a package from inside another: in the nearest `node_modules` on the way up. */
function place(lock: Lock, from: string, name: string): string | undefined {
  const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (path in lock.packages) return path;
  if (from === '') return undefined;
  return place(lock, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}

/** What it is and needs; not where it came from, and not what it is for in the project whose lock file this is. */
function facts(found: LockedPackage): LockedPackage {
  const { resolved, dev, devOptional, peer, license, funding, ...rest } = found;
  return rest;
}

const optionalPeers = ({ peerDependenciesMeta = {} }: LockedPackage): string[] =>
  Object.entries(peerDependenciesMeta).flatMap(([name, { optional }]) => (optional ? [name] : []));

function missing(name: string, whose: string): never {
  throw new Error(`package-lock.json has no ${name}, which ${whose} needs: run npm install.`);
}
