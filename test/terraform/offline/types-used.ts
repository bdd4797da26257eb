import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The types that the HCL in a folder, and below it, uses. */
export function typesIn(folder: string): { readonly resources: readonly string[]; readonly data: readonly string[] } {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const text = files
    .filter((file) => file.endsWith('.tf') && !file.includes('.terraform'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const all = (kind: string) =>
    [...new Set([...text.matchAll(new RegExp(`^${kind} "(google_\\w+)"`, 'gm'))].map(([, type = '']) => type))].sort();
  return { resources: all('resource'), data: all('data') };
}
