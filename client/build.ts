import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * `npm run build:sdk [-- FOLDER]`: the SDK as a package for Node 20 and browsers, `dist` unless said: JavaScript, types,
 * and a package.json with the dependencies that its files import. `npm publish dist` would publish it.
 */
const root = resolve(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? join(root, 'dist'));

const tsc = join(root, 'node_modules/.bin/tsc');
const compiled = spawnSync(tsc, ['-p', join(root, 'tsconfig.sdk.json'), '--outDir', folder], { stdio: 'inherit' });
if (compiled.status !== 0) process.exit(1);

const { name, version, license, dependencies, imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const description = 'End-to-end-encrypted sync for API projects: the client of Nightvault';
writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify(
    {
      ...{ name, version, description, license, type: 'module', sideEffects: ['./shared/crypto/srp/*.js'] },
      engines: { node: '>=20.16' },
      exports: { '.': { types: './client/index.d.ts', default: './client/index.js' } },
      imports: { '#srp-engine': compiledConditions(imports['#srp-engine']) },
      dependencies: Object.fromEntries([...importedPackages()].sort().map((each) => [each, dependencies[each]])),
    },
    null,
    2,
  )}\n`,
);
// What it links to in the source is not in the package.
const readme = readFileSync(join(root, 'client/README.md'), 'utf8');
writeFileSync(join(folder, 'README.md'), readme.replaceAll(/\[([^\]]+)\]\((?!https?:|#)[^)]+\)/g, '$1'));
cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));

/** Types need none: no declaration asks which of them it is. */
function compiledConditions({ types: _, ...files }: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([condition, file]) => [condition, file.replace(/ts$/, 'js')]));
}

/** By their names: whatever is imported that is neither a file of ours nor a module of Node. */
function importedPackages(): Set<string> {
  const found = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js') || file.startsWith('node_modules')) continue;
    const code = readFileSync(join(folder, file), 'utf8');
    for (const [, from = ''] of code.matchAll(/^(?:import|export|\}) .*?from '([^'.#][^']*)';/gm)) {
      if (!from.startsWith('node:'))
        found.add(
          from
            .split('/')
            .slice(0, from.startsWith('@') ? 2 : 1)
            .join('/'),
        );
    }
  }
  return found;
}
