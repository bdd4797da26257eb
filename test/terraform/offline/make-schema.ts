import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Binding, readBinding } from './binding.ts';
import type { Attribute, AttributeType, Block, NestedBlock, TypeSchema } from './schema.ts';
import { typesIn } from './types-used.ts';

/**
 * `npm run terraform:schema` writes google-6.50.0.json anew: the schema of the types that terraform/ uses. It is taken
 * from the generated bindings in an npm package that was made of exactly that provider; they keep names, types, nesting
 * and what is required. Needs a network, and 310 MB in a temporary folder while it runs.
 */
const packageName = '@cdktf/provider-google@16.12.1';
const provider = 'google';
const target = join(import.meta.dirname, 'google-6.50.0.json');
const terraform = join(import.meta.dirname, '../../../terraform');

/** What terraform/ must never use: a policy says so, and needs to be able to see it. */
const forbidden = ['google_secret_manager_secret_version', 'google_service_account_key'];

/** What the bindings do not tell: the provider fills these in, and these never reach the state. */
const corrections = (type: string, name: string): Partial<Attribute> => {
  if (name === 'project' && type !== 'provider') return { computed: true };
  if (type === 'google_secret_manager_secret_version' && name === 'secret_data') return { sensitive: true };
  if (type === 'google_secret_manager_secret_version' && name === 'secret_data_wo') return { write_only: true };
  return {};
};

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
/** Structs are named like their classes but for the first letter, or for digits in another case. */
const named = <T>(map: ReadonlyMap<string, T>, name: string): T | undefined =>
  map.get(capitalised(name)) ?? [...map].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

function blockOf(binding: Binding, type: string, struct: string): Block {
  const isRoot = struct === '';
  const inputs = isRoot
    ? binding.inputs.get('')
    : [...binding.inputs].find(([key]) => key.toLowerCase() === struct.toLowerCase())?.[1];
  const outputs = isRoot ? binding.outputs.get(binding.root) : named(binding.outputs, `${struct}OutputReference`);
  const documented = named(binding.documented, isRoot ? `${binding.root}Config` : struct);
  const attributes: Record<string, Attribute> = {};
  const blocks: Record<string, NestedBlock> = {};
  for (const [name, { mapper, isBlock, kind }] of inputs ?? []) {
    const facts = documented?.get(name);
    const inner = /^(?:cdktf\.listMapperHcl\()?(?!cdktf\.)(\w+)ToHclTerraform\b/.exec(mapper)?.[1];
    if (inner !== undefined && isBlock) {
      blocks[name] = {
        block: blockOf(binding, type, inner),
        nesting_mode: kind === 'struct' ? 'single' : kind === 'set' ? 'set' : 'list',
        ...(kind !== 'struct' && !mapper.includes('listMapperHcl') ? { max_items: 1 } : {}),
        ...(kind !== 'struct' && facts?.optional === false ? { min_items: 1 } : {}),
      };
      continue;
    }
    const shape =
      inner === undefined
        ? simpleType(mapper, kind)
        : ([kind as 'list', objectOf(blockOf(binding, type, inner))] as const);
    const required = facts?.optional === false;
    const computed = !required && (outputs?.get(name)?.computed === true || (isRoot && name === 'id'));
    attributes[name] = {
      type: shape,
      ...(required ? { required } : { optional: true }),
      ...(computed ? { computed } : {}),
      ...(facts?.enum === undefined ? {} : { enum: facts.enum }),
      ...(required ? {} : isRoot ? corrections(type, name) : {}),
    };
  }
  if (type !== 'provider') {
    for (const [name, output] of outputs ?? []) {
      if (!(name in attributes) && !(name in blocks))
        attributes[name] = { type: outputType(binding, type, output), computed: true };
    }
  }
  return { attributes, block_types: blocks };
}

function simpleType(mapper: string, kind: string): AttributeType {
  const primitives: Readonly<Record<string, AttributeType>> = { string: 'string', number: 'number', boolean: 'bool' };
  const primitive = primitives[/cdktf\.(string|number|boolean)To(?:Hcl)?Terraform/.exec(mapper)?.[1] ?? ''];
  if (primitive === undefined) return 'dynamic';
  if (mapper.includes('hashMapperHcl')) return ['map', primitive];
  return mapper.includes('listMapperHcl') ? [kind === 'set' ? 'set' : 'list', primitive] : primitive;
}

function outputType(
  binding: Binding,
  type: string,
  {
    type: simple,
    struct,
    many,
  }: Binding['outputs'] extends ReadonlyMap<string, ReadonlyMap<string, infer O>> ? O : never,
): AttributeType {
  if (struct === undefined) return simple ?? 'dynamic';
  const object = objectOf(blockOf(binding, type, struct.charAt(0).toLowerCase() + struct.slice(1)));
  return many === undefined || many === 'one' ? object : [many, object];
}

function objectOf({ attributes, block_types }: Block): AttributeType {
  const own = Object.entries(attributes).map(([name, { type }]) => [name, type] as const);
  const nested = Object.entries(block_types).map(([name, { nesting_mode, block }]) => {
    const object = objectOf(block);
    return [name, nesting_mode === 'single' ? object : ([nesting_mode, object] as AttributeType)] as const;
  });
  return ['object', Object.fromEntries([...own, ...nested])];
}

const temporary = mkdtempSync(join(tmpdir(), 'terraform-schema-'));
try {
  const flags = ['--no-save', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'];
  const installed = spawnSync('npm', ['install', '--prefix', temporary, ...flags, packageName], { encoding: 'utf8' });
  if (installed.status !== 0) throw new Error(`npm could not install ${packageName}:\n${installed.stderr}`);
  const lib = join(temporary, 'node_modules/@cdktf/provider-google/lib');
  const used = typesIn(terraform);
  const resources = [...new Set([...used.resources, ...forbidden])].sort();
  const schemas = (types: readonly string[], prefix: string): Record<string, TypeSchema> =>
    Object.fromEntries(
      types.map((type) => {
        const folder = join(lib, `${prefix}${type.replace(`${provider}_`, '').replaceAll('_', '-')}`);
        return [type, { version: 0, block: blockOf(readBinding(folder), type, '') }];
      }),
    );
  const { attributes, block_types } = blockOf(readBinding(join(lib, 'provider')), 'provider', '');
  const { alias: _, ...settings } = attributes;
  const schema = {
    provider: { block: { attributes: settings, block_types } },
    resource_schemas: schemas(resources, ''),
    data_source_schemas: schemas(used.data, `data-${provider}-`),
  };
  writeFileSync(target, `${JSON.stringify(schema)}\n`);
  process.stdout.write(`${resources.length} resources and ${used.data.length} data sources: ${target}\n`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
