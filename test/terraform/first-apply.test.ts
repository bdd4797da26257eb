import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../functions/manifest.json' with { type: 'json' };
import { repository } from './repository.ts';

/** The script beside commands that only note how they were called: Google's cannot be asked here. */
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'first-apply-'));
  cpSync(join(repository, 'terraform'), join(root, 'terraform'), { recursive: true });
  for (const folder of ['functions', 'dist/bundles', 'bin']) mkdirSync(join(root, folder), { recursive: true });
  cpSync(join(repository, 'functions/manifest.json'), join(root, 'functions/manifest.json'));
  writeFileSync(join(root, 'dist/bundles/healthz.zip'), '');
  for (const [from, to] of [
    ['example.tfvars', 'prod.tfvars'],
    ['example.gcs.tfbackend', 'prod.gcs.tfbackend'],
  ] as const) {
    cpSync(join(root, 'terraform/environments', from), join(root, 'terraform/environments', to));
  }
  for (const command of ['terraform', 'gcloud']) {
    const path = join(root, 'bin', command);
    // gcloud keeps what it is given, and says that state-key has a version already.
    const script = `#!/bin/sh
echo "${command} $*" >> '${root}/calls'
case "$*" in
  *"versions list state-key"*) echo 1 ;;
  *--data-file=-*) cat > '${root}/payload-'"$4" ;;
esac
`;
    writeFileSync(path, script);
    chmodSync(path, 0o755);
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function firstApply(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync('bash', [join(root, 'terraform/first-apply.sh'), ...args], {
    env: { PATH: `${join(root, 'bin')}:${process.env.PATH}` },
    input,
    encoding: 'utf8',
  });
  const calls = existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8') : '';
  return { status, stdout, stderr, calls };
}

describe('first-apply.sh', () => {
  it('makes the secrets, gives those without a version one, and then applies everything', () => {
    const url = 'smtp://user:password@mail.example.com:587';
    const { status, stdout, stderr, calls } = firstApply(['prod'], `${url}\n`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = calls.split('\n');
    const at = (part: string) => lines.findIndex((line) => line.includes(part));
    const order = [
      at('terraform init'),
      at('-target=google_secret_manager_secret.this'),
      at('versions add mail-key'),
      at('versions add smtp-url'),
      lines.findIndex((line) => line.startsWith('terraform apply') && !line.includes('-target')),
    ];
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    const added = manifest.secrets.filter(
      (secret) => at(`versions add ${secret} --project=example-nightvault-prod`) >= 0,
    );
    expect(added).toEqual(manifest.secrets.filter((secret) => secret !== 'state-key'));
    for (const secret of added) {
      const payload = readFileSync(join(root, `payload-${secret}`));
      if (secret === 'smtp-url') expect(payload.toString()).toBe(url);
      else if (secret === 'analytics-write-keys') expect(payload.toString()).toMatch(/^[0-9a-f]{32}\n$/);
      else expect(payload).toHaveLength(32);
    }
    expect(stdout).not.toContain('password@mail');
    expect(stdout).toContain('state-key has a version');
  });

  it('says what it would do, and does nothing', () => {
    const { status, stdout, calls } = firstApply(['prod', '--say']);
    expect({ status, calls }).toEqual({ status: 0, calls: '' });
    for (const secret of manifest.secrets) expect(stdout).toContain(secret);
    expect(stdout).toContain('terraform apply -input=false -var-file=environments/prod.tfvars\n');
  });

  it('stops where something is missing, and says what to do', () => {
    expect(firstApply(['other'])).toMatchObject({
      status: 1,
      stderr: 'There is no terraform/environments/other.tfvars: copy environments/example.tfvars and fill it in.\n',
      calls: '',
    });
    rmSync(join(root, 'dist'), { recursive: true });
    expect(firstApply(['prod'])).toMatchObject({
      status: 1,
      stderr: 'There are no bundles: run npm ci && npm run bundle in the folder above.\n',
      calls: '',
    });
  });

  it('takes no smtp-url that is none', () => {
    const { status, stderr, calls } = firstApply(['prod'], 'mail.example.com\n');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'That is not an smtp:// or smtps:// URL. Run this again: what is done is not done twice.\n',
    });
    expect(calls).not.toContain('versions add smtp-url');
  });
});
