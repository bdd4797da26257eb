import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problemsOf } from '../../../functions/generate/openapi.ts';
import { registry } from '../../../functions/registry.ts';
import { everyOperation } from '../../../shared/platform/definition.ts';
import { secretNames } from '../../../shared/platform/secrets.ts';
import { type ProblemCode, problems } from '../../../shared/protocol/problems.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFile(join(root, path), 'utf8');

describe('the registry', () => {
  it('names every function once, as Cloud Functions takes names', () => {
    const names = registry.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
  });

  it('lets every secret be read by somebody, and every topic published to by somebody', () => {
    expect([...new Set(registry.flatMap(({ secrets }) => secrets))].sort()).toEqual([...secretNames].sort());
    const published = new Set(registry.flatMap(({ publishes }) => publishes));
    for (const entry of registry) if (entry.trigger === 'topic') expect(published).toContain(entry.topic);
  });

  it('has no function that is open to some and for operators besides: IAM guards whole functions', () => {
    for (const entry of registry) {
      if (entry.trigger !== 'http') continue;
      const internal = everyOperation(entry).map(({ operation }) => operation.access === 'internal');
      expect({ name: entry.name, kinds: new Set(internal).size }).toEqual({ name: entry.name, kinds: 1 });
    }
  });

  it('lets no GET write', () => {
    for (const entry of registry) {
      if (entry.trigger === 'http')
        for (const { place, method, operation } of everyOperation(entry)) {
          const writes = method === 'GET' ? operation.writes : undefined;
          expect({ place, writes }).toEqual({ place, writes: undefined });
        }
    }
  });
});

describe('problem codes', () => {
  it('can each be answered by a function, or by the server in front of them', () => {
    const answered = new Set<ProblemCode>(['FUNCTION_NOT_FOUND']);
    for (const entry of registry) {
      if (entry.trigger !== 'http') continue;
      for (const { method, operation } of everyOperation(entry)) {
        for (const code of problemsOf(method, operation)) answered.add(code);
      }
    }
    expect([...answered].sort()).toEqual(Object.keys(problems).sort());
  });

  it('are each explained in docs/problems.md', async () => {
    const text = await read('docs/problems.md');
    for (const [code, { help }] of Object.entries(problems)) {
      expect(text).toContain(`## ${code}\n`);
      expect(text).toContain(help);
    }
  });
});

describe('functions/openapi.json', () => {
  it('describes every operation with its success and its problems', async () => {
    const { openapi, paths } = JSON.parse(await read('functions/openapi.json'));
    expect(openapi).toBe('3.1.0');
    for (const entry of registry) {
      if (entry.trigger !== 'http') continue;
      for (const { place, method, operation } of everyOperation(entry)) {
        const described = paths[`/${place}`][method.toLowerCase()];
        expect(Object.keys(described.responses)).toContain(String(operation.success));
        expect(Object.keys(described.responses)).toEqual(expect.arrayContaining(['400', '405', '500', '503']));
        expect(described.security.length > 0).toBe(operation.access !== 'public');
      }
    }
    const names = Object.keys(paths['/login-start'].post.requestBody.content['application/json'].schema.properties);
    expect(names.sort()).toEqual(['email', 'srpA']);
  });

  it('resolves every reference within itself', async () => {
    const text = await read('functions/openapi.json');
    const document = JSON.parse(text);
    const references = [...text.matchAll(/"\$ref": "#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(0);
    for (const path of references) {
      expect(path.split('/').reduce((node, key) => node?.[key], document)).toBeDefined();
    }
  });
});
