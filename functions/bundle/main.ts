import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundle, deployables } from './bundle.ts';

/** `npm run bundle [-- FOLDER]` writes one zip a function into `dist/bundles`, and says their sizes and SHA-256. */
const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../../dist/bundles'));
await mkdir(folder, { recursive: true });
const wanted = new Set(deployables.map(({ name }) => `${name}.zip`));
for (const file of await readdir(folder)) {
  if (file.endsWith('.zip') && !wanted.has(file)) await rm(join(folder, file));
}
for (const deployable of deployables) {
  const bytes = await bundle(deployable);
  await writeFile(join(folder, `${deployable.name}.zip`), bytes);
  const hash = createHash('sha256').update(bytes).digest('hex');
  process.stdout.write(`${hash}  ${deployable.name}.zip  ${Math.ceil(bytes.length / 1024)} KiB\n`);
}
