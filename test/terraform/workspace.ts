import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type ProviderSchema, providerVersion } from './offline/schema.ts';
import { typesIn } from './offline/types-used.ts';
import { repository } from './repository.ts';
import { manifestOf, type Scenario } from './scenarios.ts';

const offline = join(import.meta.dirname, 'offline');
const schemaFile = join(offline, 'google-6.50.0.json');

export const whatToInstall =
  'There is no `terraform` (1.9 or newer) on the PATH: install it from https://developer.hashicorp.com/terraform/install, or name one in TERRAFORM_PATH.';

/** What ran, and what it said. */
export interface Ran {
  readonly failed: boolean;
  readonly output: string;
}

/** A copy of a Terraform folder, with all that it refers to beside it, in which Terraform runs with no network. */
export interface Workspace {
  readonly folder: string;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Ran;
  /** What stands in the place of functions/manifest.json and other files, from the root of the repository. */
  put(file: string, text: string): void;
  /** The repository's own files again. */
  restore(): void;
  remove(): void;
}

export const terraformPath = (): string | undefined => {
  const path = process.env.TERRAFORM_PATH ?? 'terraform';
  return spawnSync(path, ['version'], { encoding: 'utf8' }).status === 0 ? path : undefined;
};

/** @throws Error that says what to do: no Terraform, no such folder, or a schema file older than the HCL */
export function createWorkspace(folder: string): Workspace {
  const terraform = terraformPath();
  if (terraform === undefined) throw new Error(whatToInstall);
  if (!existsSync(join(folder, 'versions.tf')))
    throw new Error(`${folder} is no copy of terraform/: it has no versions.tf.`);
  requireSchema(folder);
  const root = mkdtempSync(join(tmpdir(), 'terraform-check-'));
  const work = join(root, 'terraform');
  cpSync(folder, work, {
    recursive: true,
    // The real lock file would refuse the stand-in, and state and backend are not ours to touch.
    filter: (file) => !/(^|\/)\.terraform|\.tfstate/.test(relative(folder, file)),
  });
  for (const place of [work, join(work, 'bootstrap')]) {
    if (existsSync(place)) writeFileSync(join(place, 'offline_override.tf'), 'terraform {\n  backend "local" {}\n}\n');
  }
  const plugins = join(root, 'plugins');
  installProvider(plugins);
  const put = (file: string, text: string) => {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const restore = () => {
    for (const file of ['functions/manifest.json', 'functions/analytics/bigquery-table.json']) {
      rmSync(join(root, file), { force: true });
      if (existsSync(join(repository, file))) put(file, readFileSync(join(repository, file), 'utf8'));
    }
  };
  restore();

  const environment = {
    ...process.env,
    CHECKPOINT_DISABLE: '1',
    PLUGIN_UNIX_SOCKET_DIR: root,
    TF_CLI_CONFIG_FILE: devNull,
    TF_DISABLE_PLUGIN_TLS: '1',
    TF_IN_AUTOMATION: '1',
  };
  return {
    folder: work,
    put,
    restore,
    run: (args, env = {}) => {
      const options = args.includes('init') ? [`-plugin-dir=${plugins}`] : [];
      const once = () =>
        spawnSync(terraform, [...args, ...options], {
          cwd: work,
          env: { ...environment, ...env },
          encoding: 'utf8',
          maxBuffer: 2 ** 28,
        });
      let { status, stdout, stderr } = once();
      // The stand-in was killed as it started, which says nothing of the HCL: on a crowded computer that happens.
      if (status !== 0 && stderr.includes("Failed to read any lines from plugin's stdout")) {
        ({ status, stdout, stderr } = once());
      }
      if (status === 0) return { failed: false, output: stdout };
      const complained = existsSync(join(plugins, complaints)) ? readFileSync(join(plugins, complaints), 'utf8') : '';
      return { failed: true, output: stdout + stderr + complained };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** What the stand-in had to say when it broke down: Terraform keeps that to itself. */
const complaints = 'complaints';

/** The place and name by which Terraform finds a provider in a plugin folder. */
function installProvider(plugins: string): void {
  const system = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const folder = join(plugins, 'registry.terraform.io/hashicorp/google', providerVersion, system);
  mkdirSync(folder, { recursive: true });
  const command = [process.execPath, join(offline, 'provider.ts'), schemaFile].map((part) => `'${part}'`).join(' ');
  writeFileSync(
    join(folder, `terraform-provider-google_v${providerVersion}`),
    `#!/bin/sh\nexec ${command} 2>>'${join(plugins, complaints)}'\n`,
    {
      mode: 0o755,
    },
  );
}

/** A type that the schema file lacks is no fault of the HCL. */
function requireSchema(folder: string): void {
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as ProviderSchema;
  const used = typesIn(folder);
  const lacking = [
    ...used.resources.filter((type) => !(type in schema.resource_schemas)),
    ...used.data.filter((type) => !(type in schema.data_source_schemas)).map((type) => `data ${type}`),
  ];
  if (lacking.length > 0) {
    throw new Error(`The schema file lacks ${lacking.join(', ')}: if the name is right, run npm run terraform:schema.`);
  }
}

/** Not the real bundles, which take a while to make: each holds its function's name, and so has a hash of its own. */
export function putBundles(workspace: Workspace, scenario: Scenario): void {
  const { functions, single } = manifestOf(scenario);
  for (const name of [...Object.keys(functions), single.name]) workspace.put(`dist/bundles/${name}.zip`, name);
}
