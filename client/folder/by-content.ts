/** Files of one content together, by its SHA-256, in the order given. (`Map.groupBy` needs Node.js 21.) */
export function byContent<T extends { readonly sha256: string }>(files: Iterable<T>): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const file of files) {
    const same = groups.get(file.sha256);
    if (same === undefined) groups.set(file.sha256, [file]);
    else same.push(file);
  }
  return groups;
}
