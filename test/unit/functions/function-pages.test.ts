import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { exampleOf } from '../../../functions/generate/example.ts';
import { fieldsOf } from '../../../functions/generate/fields.ts';
import { inputOf, schemaOf } from '../../../functions/generate/openapi.ts';
import { registry } from '../../../functions/registry.ts';
import { everyOperation } from '../../../shared/platform/definition.ts';
import { Problem } from '../../../shared/protocol/problems.ts';

const docs = join(import.meta.dirname, '../../../docs');
const read = (name: string) => readFile(join(docs, name), 'utf8');
const operations = registry.flatMap((entry) => (entry.trigger === 'http' ? everyOperation(entry) : []));

describe('the pages of the functions', () => {
  it('say of every field what it is', () => {
    const schemas = [
      ...operations.map(({ place, operation }) => [`${place} takes`, schemaOf(operation.input, 'input')] as const),
      ...operations.flatMap(({ place, operation: { output } }) =>
        output === undefined ? [] : [[`${place} answers`, schemaOf(output, 'output')] as const],
      ),
      ...registry.flatMap((entry) =>
        entry.trigger === 'topic' ? [[`${entry.name} takes`, schemaOf(entry.message, 'input')] as const] : [],
      ),
    ];
    const silent = schemas.flatMap(([what, schema]) =>
      fieldsOf(schema)
        .filter(({ description }) => description === '')
        .map(({ name }) => `${what} ${name}`),
    );
    expect(silent).toEqual([]);
    expect(schemas.flatMap(([, schema]) => fieldsOf(schema)).length).toBeGreaterThan(500);
  });

  it('are all in the table, and name only problems that are explained', async () => {
    const [table, problems] = await Promise.all([read('functions.md'), read('problems.md')]);
    for (const { name } of registry) {
      expect(table).toContain(`(functions/${name}.md)`);
      const page = await read(`functions/${name}.md`);
      expect(page).toContain(`# ${name}\n`);
      for (const [, code = ''] of page.matchAll(/\.\.\/problems\.md#([a-z_]+)/g)) {
        expect(problems).toContain(`## ${code.toUpperCase()}\n`);
      }
      for (const [, other = ''] of page.matchAll(/\]\(\.\.\/([a-z-]+\.md)\)/g)) await read(other);
    }
  });

  it('show calls of which only what stands between < and > is to be replaced', () => {
    for (const { place, method, operation } of operations) {
      if (method === 'GET' || operation.uploads) continue;
      const example = exampleOf(inputOf(method, operation).body);
      const wrong = refusalsOf(() => operation.parse(example));
      const named = wrong.map((pointer) => ({ place, pointer, value: at(example, pointer) }));
      for (const { value, ...where } of named) expect({ ...where, value }).toEqual({ ...where, value: placeholder });
    }
  });
});

const placeholder: unknown = expect.stringMatching(/^<\w+>$/);

function refusalsOf(parse: () => unknown): string[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return (error.members.errors as { path: string }[]).map(({ path }) => path);
  }
}

const at = (value: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce((inside, key) => (inside as Record<string, unknown>)[key], value);

describe('fields', () => {
  const input = z.object({
    id: z
      .string()
      .regex(/^[0-9a-f]{8}$/)
      .describe('Which'),
    limit: z.int().min(1).max(9).default(3).describe('At most'),
    items: z
      .array(z.object({ to: z.string().max(5).nullable().describe('Whom') }))
      .min(1)
      .max(4)
      .describe('All'),
    proof: z
      .union([z.object({ code: z.string().describe('Mailed') }), z.object({ key: z.string().describe('Derived') })])
      .describe('Either'),
    more: z.record(z.string(), z.boolean()).optional().describe('Further'),
  });

  it('are told in words, those of objects after them', () => {
    expect(fieldsOf(schemaOf(input, 'input')).map((field) => Object.values(field).join(' | '))).toEqual([
      'id | 8 hex characters | yes | Which',
      'limit | whole number, 1 to 9 | no: `3` | At most',
      'items | list of 1 to 4: object | yes | All',
      'items[].to | text, at most 5 or null | yes | Whom',
      'proof | object | yes | Either',
      'proof.code | text | in some forms | Mailed',
      'proof.key | text | in some forms | Derived',
      'more | map of boolean | no | Further',
    ]);
  });

  it('have an example with what is needed', () => {
    expect(exampleOf(schemaOf(input, 'input'))).toEqual({
      id: '<id>',
      items: [{ to: '<to>' }],
      proof: { code: '<code>' },
    });
  });
});
