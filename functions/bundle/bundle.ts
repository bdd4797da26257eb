import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { AnyFunction } from '../../shared/platform/definition.ts';
import { type BuiltPages, pagesFile } from '../../shared/platform/pages.ts';
import { storeAccess } from '../../shared/platform/store-access.ts';
import { registry } from '../registry.ts';
import { singleName, togetherInSingle } from '../single.ts';
import { exactVersions, type Lock, partOfLock } from './lock.ts';
import { buildPages } from './pages.ts';
import { runtime } from './runtime.ts';
import { zip } from './zip.ts';

const root = join(import.meta.dirname, '../..');

/** What is to be deployed as one function. */
export interface Deployable {
  readonly name: string;
  readonly entries: readonly AnyFunction[];
}

/** Every function of the registry, and the one that stands for those that clients call. */
export const deployables: readonly Deployable[] = [
  ...registry.map((entry) => ({ name: entry.name, entries: [entry] })),
  { name: singleName, entries: togetherInSingle(registry) },
];

/**
 * Packages that are installed beside the bundle, not put into it: they load files of their own at run time. Each goes
 * along if one of the functions may use what it is for; the others could not reach the service anyway.
 */
const installed: Readonly<Record<string, (entries: readonly AnyFunction[]) => boolean>> = {
  '@google-cloud/functions-framework': () => true,
  '@google-cloud/firestore': (entries) => entries.some((entry) => storeAccess(entry) !== 'none'),
  '@google-cloud/pubsub': (entries) => entries.some(({ publishes }) => publishes.length > 0),
  '@google-cloud/secret-manager': (entries) => entries.some(({ secrets }) => secrets.length > 0),
  'google-auth-library': (entries) => entries.some(({ secrets }) => secrets.length > 0),
  nodemailer: (entries) => entries.some(({ secrets }) => secrets.includes('smtp-url')),
};

/** The files of one deployable: code in one file, and what npm is to install beside it. */
export async function filesOf({ name, entries }: Deployable): Promise<Record<string, string>> {
  const result = await build({
    stdin: { contents: await source(name, entries), resolveDir: root, sourcefile: 'entry.ts', loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: `node${runtime.node}`,
    external: Object.keys(installed),
    legalComments: 'inline',
    // CommonJS packages ask for Node's own modules by `require`, which a module does not have.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    logLevel: 'silent',
  });
  const wanted = Object.keys(installed).filter((each) => installed[each]?.(entries));
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    'index.js': result.outputFiles[0]?.text ?? '',
    'package.json': json({
      name,
      version: '0.0.0',
      private: true,
      type: 'module',
      main: 'index.js',
      engines: { node: runtime.node },
      dependencies: exactVersions(lock, wanted),
    }),
    'package-lock.json': json(partOfLock(lock, name, wanted)),
    ...(await pagesOf(entries, json)),
  };
}

let builtOnce: ReturnType<typeof buildPages> | undefined;

/** What draws pages names their files; what hands the files out has them. */
async function pagesOf(entries: readonly AnyFunction[], json: (value: unknown) => string) {
  const operations = entries.flatMap((entry) => (entry.trigger === 'http' ? Object.values(entry.operations) : []));
  if (!operations.some(({ page, file }) => page !== undefined || file)) return {};
  builtOnce ??= buildPages();
  const { files, ...named } = await builtOnce;
  const pages: BuiltPages = operations.some(({ file }) => file) ? { ...named, files } : named;
  return { [pagesFile]: json(pages) };
}

/** The same commit gives the same bytes, on every computer. */
export const bundle = async (deployable: Deployable): Promise<Buffer> => zip(await filesOf(deployable));

/** A module that starts these functions and imports no others. */
async function source(name: string, entries: readonly AnyFunction[]): Promise<string> {
  const imports = await Promise.all(entries.map(exportOf));
  const lines = imports.map(({ file, symbol }) => `import { ${symbol} } from './${file}';`);
  const list = `[${imports.map(({ symbol }) => symbol).join(', ')}]`;
  const call = name === singleName ? `startAsOne('${name}', ${list});` : `start(${list});`;
  return [...lines, "import { start, startAsOne } from './functions/start.ts';", call].join('\n');
}

/** Where a function is defined: a file has the name of its function. */
async function exportOf(entry: AnyFunction): Promise<{ file: string; symbol: string }> {
  for await (const path of glob(`functions/**/${entry.name}.ts`, { cwd: root })) {
    const file = path.split('\\').join('/');
    const module: Record<string, unknown> = await import(join(root, file));
    const symbol = Object.keys(module).find((each) => module[each] === entry);
    if (symbol !== undefined) return { file, symbol };
  }
  throw new Error(
    `No functions/**/${entry.name}.ts exports the function ${entry.name}: a file has its function's name.`,
  );
}
