import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Expression, type ObjectExpression, parseSync } from '@swc/core';
import { repository } from './repository.ts';

/** What the code of the store says, read from its text: independent of what it declares to Firestore. */

const sources = (pattern: string): string[] =>
  globSync(pattern, { cwd: repository }).map((file) => readFileSync(join(repository, file), 'utf8'));

interface Collection {
  /** As it is exported. */
  readonly symbol: string;
  /** Its id: the last part of its path. */
  readonly id: string;
  readonly shape: string;
}

const collections = (): Collection[] =>
  sources('shared/store/*.ts').flatMap((code) =>
    [...code.matchAll(/export const (\w+) =[^;]*?\bcollection<(\w+)>\(\s*[`']([^`']+)[`']/g)].map(
      ([, symbol = '', shape = '', path = '']) => ({ symbol, shape, id: path.split('/').at(-1) ?? '' }),
    ),
  );

/** The ids of the collections whose documents have an `expiresAt: Date` or may have one. */
export function expiringCollections(): string[] {
  const shapes = new Set(
    sources('shared/store/*.ts').flatMap((code) =>
      [...code.matchAll(/export interface (\w+)[^{]*\{([\s\S]*?)\n\}/g)]
        .filter(([, , body = '']) => /\bexpiresAt\??: Date;/.test(body))
        .map(([, name = '']) => name),
    ),
  );
  return [
    ...new Set(
      collections()
        .filter(({ shape }) => shapes.has(shape))
        .map(({ id }) => id),
    ),
  ].sort();
}

interface CompositeQueries {
  /** `outbox: to, created DESCENDING` */
  readonly needed: readonly string[];
  /** The collections that are also queried by conditions that come from elsewhere. */
  readonly open: readonly string[];
}

/** The queries in the code that Firestore answers from a composite index only. */
export function compositeQueries(): CompositeQueries {
  const ids = new Map(collections().map(({ symbol, id }) => [symbol, id]));
  const queries = [...sources('functions/**/*.ts'), ...sources('shared/platform/**/*.ts')].flatMap((code) =>
    queriesIn(code, ids),
  );
  const needed = queries.flatMap(({ collection, equal, ranged, descending }) => {
    const fields = [...new Set([...equal, ...ranged])];
    if (fields.length < 2 || ranged.length === 0) return [];
    return [`${collection}: ${fields.join(', ')} ${descending ? 'DESCENDING' : 'ASCENDING'}`];
  });
  const open = queries.filter(({ isOpen }) => isOpen).map(({ collection }) => collection);
  return { needed: [...new Set(needed)].sort(), open: [...new Set(open)] };
}

interface Query {
  readonly collection: string;
  readonly equal: readonly string[];
  readonly ranged: readonly string[];
  readonly descending: boolean;
  readonly isOpen: boolean;
}

function queriesIn(code: string, ids: ReadonlyMap<string, string>): Query[] {
  const constants = new Map<string, { readonly from: number; readonly value: Expression }[]>();
  const calls: { readonly name: string; readonly arguments: readonly Expression[] }[] = [];
  visit(parseSync(code, { syntax: 'typescript' }), (node) => {
    if (node.type === 'VariableDeclarator' && isNode(node.id) && isNode(node.init)) {
      const name = String(node.id.value);
      const value = node.init as unknown as Expression;
      constants.set(name, [...(constants.get(name) ?? []), { from: startOf(node.id), value }]);
    }
    if (node.type !== 'CallExpression' || !isNode(node.callee) || node.callee.type !== 'MemberExpression') return;
    const name = isNode(node.callee.property) ? String(node.callee.property.value) : '';
    if (!['list', 'sum', 'count'].includes(name)) return;
    calls.push({
      name,
      arguments: (node.arguments as { expression: Expression }[]).map(({ expression }) => expression),
    });
  });

  /** The expression behind names, casts and brackets. */
  const bare = (expression: Expression | undefined): Expression | undefined => {
    if (expression === undefined) return undefined;
    if (expression.type === 'Identifier') {
      // Of several constants of one name, the nearest above is meant.
      const known = constants.get(expression.value) ?? [];
      return bare(known.findLast(({ from }) => from < expression.span.start)?.value);
    }
    if ('expression' in expression && expression.type.startsWith('Ts'))
      return bare(expression.expression as Expression);
    return expression.type === 'ParenthesisExpression' ? bare(expression.expression) : expression;
  };
  const literal = (expression: Expression | undefined) => {
    const found = expression?.type === 'StringLiteral' ? expression : bare(expression);
    return found?.type === 'StringLiteral' || found?.type === 'BooleanLiteral' ? found.value : undefined;
  };
  const property = (object: ObjectExpression, name: string): Expression | undefined => {
    for (const each of object.properties) {
      if (each.type === 'Identifier' && each.value === name) return each;
      if (each.type === 'KeyValueProperty' && each.key.type === 'Identifier' && each.key.value === name)
        return each.value;
    }
    return undefined;
  };
  const conditions = (expression: Expression | undefined): { field: string; test: string }[] | undefined => {
    const list = bare(expression);
    if (list?.type !== 'ArrayExpression') return undefined;
    const each = list.elements.map((element) => {
      if (element?.spread !== null && element !== undefined) return conditions(element.expression);
      const triple = bare(element?.expression);
      if (triple?.type !== 'ArrayExpression') return undefined;
      const [field, test] = triple.elements.map((part) => literal(part?.expression));
      return field === undefined || test === undefined ? undefined : [{ field: String(field), test: String(test) }];
    });
    return each.some((part) => part === undefined) ? undefined : each.flatMap((part) => part ?? []);
  };

  /** `groups`, or `links(groupId)`. */
  const symbolOf = (expression: Expression | undefined): string => {
    const named = expression?.type === 'CallExpression' ? expression.callee : expression;
    return named?.type === 'Identifier' ? named.value : '';
  };

  return calls.flatMap(({ name, arguments: [first, second] }): Query[] => {
    const query = bare(first);
    if (query?.type !== 'ObjectExpression') return [];
    const place = property(query, 'collection');
    const collection = ids.get(symbolOf(place)) ?? ids.get(symbolOf(bare(place)));
    if (collection === undefined) return [];
    const where = conditions(property(query, 'where'));
    const order = literal(name === 'sum' ? second : property(query, 'orderBy'));
    const ranged = (where ?? []).filter(({ test }) => test !== '==').map(({ field }) => field);
    return [
      {
        collection,
        equal: (where ?? []).filter(({ test }) => test === '==').map(({ field }) => field),
        ranged: [...ranged, ...(order === undefined ? [] : [String(order)])],
        descending: literal(property(query, 'descending')) === true,
        isOpen: where === undefined,
      },
    ];
  });
}

type Node = Record<string, unknown> & { readonly type: string };

const startOf = (node: Node): number => (node.span as { start: number }).start;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

function visit(value: unknown, look: (node: Node) => void): void {
  if (Array.isArray(value)) for (const each of value) visit(each, look);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  if (isNode(value)) look(value);
  for (const each of Object.values(value)) visit(each, look);
}
