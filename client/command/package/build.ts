import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { oldestNode } from '../version.ts';
import { licencesOf } from './licences.ts';

const root = join(import.meta.dirname, '../../..');

const node = oldestNode.join('.');

/** Native, so it cannot be part of a bundle; the command works without it. */
const external = ['@napi-rs/keyring'];

/** Some dependencies are CommonJS and require Node's own modules. */
const banner = {
  js: "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);",
};

const options = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: `node${node}`,
  format: 'esm',
  metafile: true,
  external,
  banner,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * Writes into `folder`: `package/`, the command as an npm package, and `nightvault.mjs`, the command as one file for
 * machines without npm. Both hold all that they import but the keyring of the operating system, which is optional.
 */
export async function buildCommand(folder: string): Promise<void> {
  const inPackage = join(folder, 'package');
  mkdirSync(inPackage, { recursive: true });
  const entry = 'client/command/main.ts';
  const split = {
    ...options,
    entryPoints: { nightvault: entry },
    splitting: true,
    outdir: join(inPackage, 'dist'),
    outExtension: { '.js': '.mjs' },
  } as const satisfies BuildOptions;
  const alone = join(folder, 'nightvault.mjs');
  const [{ metafile }] = await Promise.all([
    build(split),
    build({ ...options, entryPoints: [entry], outfile: alone, minifySyntax: true, minifyWhitespace: true }),
  ]);
  chmodSync(alone, 0o755);
  writeFileSync(join(inPackage, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  writeFileSync(join(inPackage, 'THIRD-PARTY-LICENSES.txt'), licencesOf(packagesIn(metafile), root));
  cpSync(join(import.meta.dirname, 'README.md'), join(inPackage, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(inPackage, 'LICENSE'));
}

function manifest() {
  const { version, license, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    name: 'nightvault-cli',
    version,
    description: 'Sync and share end-to-end-encrypted API projects with a Nightvault server',
    license,
    type: 'module',
    engines: { node: `>=${node}` },
    bin: { nightvault: 'dist/nightvault.mjs' },
    files: ['dist', 'THIRD-PARTY-LICENSES.txt'],
    optionalDependencies: Object.fromEntries(external.map((name) => [name, optionalDependencies[name]])),
  };
}

/** Folders below node_modules of the packages whose code is in the bundle. */
function packagesIn({ inputs }: Metafile): readonly string[] {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? [],
  );
  return [...new Set(folders)].sort();
}
