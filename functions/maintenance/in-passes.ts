/** A run ends after so many passes even if there is more: the next run goes on. */
const mostPasses = 100;

/**
 * Adds up what passes did until one finds nothing left. A pass is small, atomic in its parts, and leaves what it has
 * not done where the next one finds it; so a run may be killed anywhere.
 * @param none the counts of nothing
 * @param pass counts what it did; `undefined` when there was nothing to do
 */
export async function inPasses<C extends Readonly<Record<string, number>>>(
  none: C,
  pass: () => Promise<C | undefined>,
): Promise<C & { readonly more: boolean }> {
  let total = none;
  for (let done = 0; done < mostPasses; done += 1) {
    const counts = await pass();
    if (counts === undefined) return { ...total, more: false };
    total = add(total, counts);
  }
  return { ...total, more: true };
}

/** Field by field. */
export function add<C extends Readonly<Record<string, number>>>(a: C, b: C): C {
  return Object.fromEntries(Object.entries(a).map(([name, count]) => [name, count + (b[name] ?? 0)])) as C;
}
