import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttributeType } from './schema.ts';

/** What the generated bindings of one resource say: as text they repeat every attribute three times. */
export interface Binding {
  /** Name of the class of the resource, data source or provider itself. */
  readonly root: string;
  /** Per struct, what can be configured. */
  readonly inputs: ReadonlyMap<string, ReadonlyMap<string, Input>>;
  /** Per interface, whether it must be, and the documented values. */
  readonly documented: ReadonlyMap<string, ReadonlyMap<string, Documented>>;
  /** Per class, what can be read. */
  readonly outputs: ReadonlyMap<string, ReadonlyMap<string, Output>>;
}

export interface Input {
  readonly isBlock: boolean;
  readonly kind: string;
  /** The code that turns it into HCL, which names its type. */
  readonly mapper: string;
}

export interface Documented {
  readonly optional: boolean;
  readonly enum?: readonly string[];
}

export interface Output {
  readonly computed?: boolean;
  readonly type?: AttributeType;
  /** The struct that it holds, and how many. */
  readonly struct?: string;
  readonly many?: 'one' | 'list' | 'set' | 'map';
}

/** @param folder - one of the package's `lib` */
export function readBinding(folder: string): Binding {
  const code = readAll(folder, '.js').replace(
    /\(0, (?:index_)?structs\d*_1\.(\w+)\)|\b(?:index_)?structs\d*_1\.(?=\w)/g,
    '$1',
  );
  const types = readAll(folder, '.d.ts');
  const root = /^class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider) \{/m.exec(code)?.[1];
  if (root === undefined) throw new Error(`${folder} has no class of a resource`);
  const own = /^ {4}synthesizeHclAttributes\(\) \{\n([\s\S]*?)^ {4}\}/m.exec(code)?.[1] ?? '';
  return {
    root,
    inputs: new Map([
      ['', inputsIn(own)],
      ...each(/^function (\w+)ToHclTerraform\(struct\) \{\n([\s\S]*?)^\}/gm, code, ([name = '', body = '']) => [
        [name, inputsIn(body)] as const,
      ]),
    ]),
    documented: new Map(
      each(/^export interface (\w+)(?: extends [\w.]+)? \{\n([\s\S]*?)^\}/gm, types, ([name = '', body = '']) => [
        [name, documentedIn(body)] as const,
      ]),
    ),
    outputs: new Map(
      each(/^class (\w+) extends cdktf\.(\w+) \{\n([\s\S]*?)^\}/gm, code, ([name = '', base = '', body = '']) =>
        /^(ComplexList|ComplexMap|MapList)$/.test(base) ? [] : [[name, outputsIn(body)] as const],
      ),
    ),
  };
}

function readAll(folder: string, ending: string): string {
  return [folder, join(folder, 'index-structs')]
    .filter((place) => existsSync(place))
    .flatMap((place) =>
      readdirSync(place)
        .filter((file) => file.endsWith(ending))
        .map((file) => join(place, file)),
    )
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

const each = <T>(pattern: RegExp, text: string, make: (groups: string[]) => T[]): T[] =>
  [...text.matchAll(pattern)].flatMap(([, ...groups]) => make(groups));

function inputsIn(body: string): Map<string, Input> {
  const entry = /^ +"?([a-z0-9_]+)"?: \{\n\s+value: (.*),\n\s+isBlock: (true|false),\n\s+type: "(\w+)",/gm;
  return new Map(
    each(entry, body, ([name = '', mapper = '', isBlock, kind = '']) => [
      [name, { mapper, kind, isBlock: isBlock === 'true' }] as const,
    ]),
  );
}

function documentedIn(body: string): Map<string, Documented> {
  return new Map(
    each(/ {4}\/\*\*\n([\s\S]*?)\*\/\n {4}readonly \w+(\??): /g, body, ([comment = '', optional]) => {
      const name = /#([a-z0-9_]+) \w+#/.exec(comment)?.[1];
      if (name === undefined) return [];
      const values = /Possible values: (\[".*"\])/.exec(comment)?.[1];
      const listed = values === undefined ? {} : { enum: JSON.parse(values) as string[] };
      return [[name, { optional: optional === '?', ...listed }] as const];
    }),
  );
}

const getters: Readonly<Record<string, AttributeType>> = {
  String: 'string',
  Number: 'number',
  Boolean: 'bool',
  StringMap: ['map', 'string'],
};

function outputsIn(body: string): Map<string, Output> {
  const outputs = new Map<string, Output>();
  const add = (name: string, more: Output) => outputs.set(name, { ...outputs.get(name), ...more });
  for (const [, name = '', computed] of body.matchAll(/\/\/ ([a-z0-9_]+) - computed: (true|false)/g)) {
    add(name, { computed: computed === 'true' });
  }
  for (const [, builtin, type = '', name = '', set] of body.matchAll(
    /new (cdktf\.)?(\w+)\(this, "([a-z0-9_]+)"(?:, (true|false))?\)/g,
  )) {
    if (builtin) add(name, { type: type === 'StringMap' ? ['map', 'string'] : ['list', ['map', 'string']] });
    else if (type.endsWith('OutputReference'))
      add(name, { struct: type.slice(0, -'OutputReference'.length), many: 'one' });
    else if (type.endsWith('Map')) add(name, { struct: type.slice(0, -'Map'.length), many: 'map' });
    else if (type.endsWith('List'))
      add(name, { struct: type.slice(0, -'List'.length), many: set === 'true' ? 'set' : 'list' });
  }
  for (const [, fromSet, kind = '', name = ''] of body.matchAll(
    /return (cdktf\.Fn\.tolist\(|cdktf\.Token\.\w+\(cdktf\.Fn\.tolist\()?this\.get(\w+)Attribute\('([a-z0-9_]+)'\)/g,
  )) {
    const collection = fromSet === undefined ? 'list' : 'set';
    const type = getters[kind] ?? [collection, kind === 'NumberList' ? 'number' : 'string'];
    add(name, { type });
  }
  return outputs;
}
