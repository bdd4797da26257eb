import { globSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { registry } from '../registry.ts';
import { bigQuerySchema, withAnalyticsTables } from './analytics.ts';
import { functionTable, problemPages, rateLimitPage } from './documents.ts';
import { functionPage } from './function-page.ts';
import { iamPage } from './iam.ts';
import { manifest } from './manifest.ts';
import { openApi } from './openapi.ts';

/** `npm run generate` writes what follows from the registry; with `--check` it only says whether the files are fresh. */
const root = join(import.meta.dirname, '../..');
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const described = manifest(registry);
const pagesOf = 'docs/functions';
const pages = registry.map((entry) => {
  const facts = described.functions[entry.name];
  const [source] = globSync(`functions/*/${entry.name}.ts`, { cwd: root });
  if (facts === undefined || source === undefined) throw new Error(`${entry.name} has no file of its name`);
  return [`${pagesOf}/${entry.name}.md`, functionPage(entry, facts, source)] as const;
});
const files: Readonly<Record<string, string>> = {
  ...Object.fromEntries(pages),
  'functions/openapi.json': json(openApi(registry, packageJson.version)),
  'functions/manifest.json': json(described),
  'functions/analytics/bigquery-table.json': json(bigQuerySchema()),
  'docs/analytics.md': withAnalyticsTables(await readFile(join(root, 'docs/analytics.md'), 'utf8')),
  'docs/functions.md': functionTable(registry),
  'docs/iam.md': iamPage(described),
  'docs/problems.md': problemPages(),
  'docs/rate-limits.md': rateLimitPage(),
};

const stale: string[] = [];
for (const [name, text] of Object.entries(files)) {
  const path = join(root, name);
  const found = await readFile(path, 'utf8').catch(() => '');
  if (found === text) continue;
  stale.push(name);
  if (process.argv.includes('--check')) continue;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
for (const name of await readdir(join(root, pagesOf))) {
  const path = `${pagesOf}/${name}`;
  if (Object.hasOwn(files, path)) continue;
  stale.push(path);
  if (!process.argv.includes('--check')) await rm(join(root, path));
}
if (!process.argv.includes('--check')) {
  process.stdout.write(stale.length > 0 ? `written: ${stale.join(', ')}\n` : 'everything is fresh\n');
} else if (stale.length > 0) {
  process.stderr.write(`Stale: ${stale.join(', ')}. Run \`npm run generate\` and commit the result.\n`);
  process.exitCode = 1;
}
