import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle, type Deployable } from '../../../functions/bundle/bundle.ts';

export interface InstalledBundle {
  readonly name: string;
  readonly folder: string;
  readonly zipBytes: number;
}

/**
 * A bundle as Google's build leaves it: the zip unpacked, and its production dependencies installed by `npm ci`. Those
 * with the same dependencies share them, since installing takes longer than all else.
 * @param place - an empty folder at first; the same one for all that are to share
 */
export async function installBundle(deployable: Deployable, place: string): Promise<InstalledBundle> {
  const { archive, dependencies, ...unpacked } = await unpackBundle(deployable, place);
  const { folder } = unpacked;
  const key = createHash('sha256').update(JSON.stringify(dependencies)).digest('hex').slice(0, 12);
  const shared = join(place, `dependencies-${key}`);
  if (!existsSync(shared)) {
    mkdirSync(shared);
    run('unzip', ['-q', archive, 'package.json', 'package-lock.json'], shared);
    run('npm', ['ci', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], shared);
  }
  if (!existsSync(join(folder, 'node_modules')))
    symlinkSync(join(shared, 'node_modules'), join(folder, 'node_modules'));
  return unpacked;
}

/** The same in a tenth of the time: what it depends on, and nothing else, comes from bundles that are installed. */
export async function linkBundle(
  deployable: Deployable,
  place: string,
  installed: readonly InstalledBundle[],
): Promise<InstalledBundle> {
  const { archive, dependencies, ...unpacked } = await unpackBundle(deployable, place);
  for (const name of Object.keys(dependencies)) {
    const source = installed.map(({ folder }) => join(folder, 'node_modules', name)).find((each) => existsSync(each));
    if (source === undefined)
      throw new Error(`${deployable.name} needs ${name}, which ${archive} would have npm install.`);
    const link = join(unpacked.folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(source, link);
  }
  return unpacked;
}

async function unpackBundle(deployable: Deployable, place: string) {
  const { name } = deployable;
  const bytes = await bundle(deployable);
  const folder = join(place, name);
  mkdirSync(folder, { recursive: true });
  const archive = join(place, `${name}.zip`);
  writeFileSync(archive, bytes);
  run('unzip', ['-q', '-o', archive], folder);
  const { dependencies } = await read(join(folder, 'package.json'));
  return { name, folder, zipBytes: bytes.length, archive, dependencies };
}

async function read(file: string): Promise<{ readonly dependencies: Readonly<Record<string, string>> }> {
  const module = await import(file, { with: { type: 'json' } });
  return module.default;
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${command} could not be started: is it installed? ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${stderr}`);
}
