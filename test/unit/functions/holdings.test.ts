import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ofAccount, ofGroups, withoutOwner } from '../../../functions/leaving/holdings.ts';

const folder = join(import.meta.dirname, '../../../shared/store');

/** The ids of all collections that shared/store declares, whatever documents they lie under. */
function declared(): string[] {
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const paths = sources.flatMap((source) =>
    [...source.matchAll(/\bcollection(?:<\w+>)?\((['`])([^'`]+)\1\)/g)].map(([, , path = '']) => path),
  );
  return [...new Set(paths.map((path) => path.split('/').at(-1) ?? ''))].sort();
}

describe('where an account’s data stand', () => {
  const listed = [...ofAccount, ...ofGroups].flatMap(({ collections }) => collections);

  it('is known of every collection of the store: in the list, or not, with the reason', () => {
    expect(declared().length).toBeGreaterThan(18);
    expect([...new Set([...listed, ...Object.keys(withoutOwner)])].sort()).toEqual(declared());
    for (const reason of Object.values(withoutOwner)) expect(reason).not.toBe('');
    expect(listed.filter((collection) => collection in withoutOwner)).toEqual([]);
  });

  it('has a name and an explanation for each member of an export', () => {
    const names = [...ofAccount, ...ofGroups].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const reserved of ['about', 'complete']) expect(names).not.toContain(reserved);
    for (const { about } of [...ofAccount, ...ofGroups]) expect(about).toMatch(/\.$|later\.$/);
  });
});
