import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import type { BuiltPages, FileReference, PageFile } from '../../shared/platform/pages.ts';

const root = join(import.meta.dirname, '../..');
const sources = 'client/pages';

/** The pages' code for browsers of the last two years. */
export const browserBuild = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  metafile: true,
  minify: true,
  platform: 'browser',
  format: 'esm',
  target: ['chrome120', 'firefox121', 'safari17.2'],
  // `window` and `require` are asked for by a library that was written for Node too.
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** Builds what the pages load: the same bytes from the same sources, whoever builds. */
export async function buildPages(): Promise<BuiltPages & Required<Pick<BuiltPages, 'files'>>> {
  const files: Record<string, PageFile> = {};
  const add = (name: string, text: string): FileReference => {
    const [stem = '', extension = ''] = name.split('.');
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const reference = { name: `${stem}.${hash}.${extension}`, integrity: integrityOf(text) };
    files[reference.name] = { type: types[extension] ?? '', text };
    return reference;
  };
  const [worker, button, style, icon] = await Promise.all([
    bundled('worker/main.ts'),
    bundled('button.ts'),
    bundled('style/main.css'),
    readFile(join(root, sources, 'icon.svg'), 'utf8'),
  ]);
  const { name } = add('worker.js', worker);
  return {
    scripts: { button: add('button.js', button), vault: add('vault.js', await bundled('vault.ts', { WORKER: name })) },
    style: add('style.css', style),
    icon: add('icon.svg', icon),
    files,
  };
}

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
};

export const integrityOf = (text: string): string => `sha384-${createHash('sha384').update(text).digest('base64')}`;

/** @param constants names that stand for a text in the source */
async function bundled(entry: string, constants: Readonly<Record<string, string>> = {}): Promise<string> {
  const define = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]));
  const { outputFiles } = await build({ ...browserBuild, entryPoints: [`${sources}/${entry}`], define });
  return outputFiles[0]?.text ?? '';
}
