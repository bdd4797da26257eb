import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildCommand } from './build.ts';

/**
 * `npm run build:command [-- FOLDER]`: `nightvault-cli-VERSION.tgz` for `npm install -g`, and `nightvault.mjs`, in
 * `dist/command` unless another folder is given.
 */
const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../../../dist/command'));
rmSync(join(folder, 'package'), { recursive: true, force: true });
await buildCommand(folder);
const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
  cwd: join(folder, 'package'),
  encoding: 'utf8',
});
process.stdout.write(`${join(folder, packed.trim())}\n${join(folder, 'nightvault.mjs')}\n`);
