import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

const refused = [
  ['shared/protocol', '../crypto/hex.ts'],
  ['shared/protocol', 'node:crypto'],
  ['shared/crypto', '../store/database.ts'],
  ['shared/crypto', '../platform/hash.ts'],
  ['shared/crypto/srp', 'node:crypto'],
  ['shared/crypto/srp/openssl', 'node:fs'],
  ['shared/crypto/srp/openssl', '../../../platform/hash.ts'],
  ['shared/store', '../platform/hash.ts'],
  ['shared/platform', '../../functions/registry.ts'],
  ['functions/login', '../../emulator/stack.ts'],
  ['functions/login', '../../client/connection.ts'],
  ['client', '../shared/platform/hash.ts'],
  ['client', '../functions/registry.ts'],
  ['emulator', '../test/support/stack.ts'],
] as const;

const allowed = [
  ['shared/crypto', '../protocol/profiles.ts'],
  ['shared/crypto/srp/openssl', 'node:crypto'],
  ['shared/store', '../protocol/profiles.ts'],
  ['shared/platform', '../store/database.ts'],
  ['functions/login', '../../shared/platform/hash.ts'],
  ['client', '../shared/crypto/hex.ts'],
  ['emulator', '../functions/registry.ts'],
] as const;

/** Files that the linter, with this project's rules, refuses for what they import. Each holds one import. */
function refusedFiles(imports: readonly (readonly [folder: string, target: string])[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'import-direction-'));
  try {
    copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    for (const [index, [place, target]] of imports.entries()) {
      const file = join(folder, place, `case-${index}.ts`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `import { thing } from '${target}';\n\nexport const used = thing;\n`);
    }
    const rule = [
      'lint',
      '--vcs-enabled=false',
      '--only=style/noRestrictedImports',
      '--max-diagnostics=none',
      '--reporter=json',
      folder,
    ];
    const report = spawnSync(join(root, 'node_modules/.bin/biome'), rule, { cwd: folder, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(report.stdout);
    return diagnostics.map(
      ({ location }: { location: { path: string } }) => /case-(\d+)\.ts$/.exec(location.path)?.[1],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('imports go one way', () => {
  it('the linter refuses every arrow that points back', () => {
    expect(refusedFiles(refused).sort()).toEqual(refused.map((_, index) => String(index)).sort());
  });

  it('and lets the others be', () => {
    expect(refusedFiles(allowed)).toEqual([]);
  });
});
