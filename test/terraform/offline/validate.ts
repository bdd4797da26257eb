import { unknown, type Value } from './msgpack.ts';
import type { Block } from './schema.ts';

export interface Diagnostic {
  readonly summary: string;
  /** Attribute names and list indexes, from the resource down. */
  readonly path: readonly (string | number)[];
}

/** What Terraform leaves to the provider: values for what only the provider sets, and values outside an enumeration. */
export function validate(type: string, block: Block, config: Value): Diagnostic[] {
  const inside = (value: Value | undefined): value is Record<string, Value> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);

  const visit = ({ attributes, block_types }: Block, value: Value, path: Diagnostic['path']): Diagnostic[] => {
    if (!inside(value)) return [];
    const own = Object.entries(attributes).flatMap(([name, { computed, optional, enum: allowed }]): Diagnostic[] => {
      const given = value[name] ?? null;
      if (given === null) return [];
      const at = { path: [...path, name] };
      const full = [type, ...at.path].join('.');
      if (computed && !optional) return [{ ...at, summary: `${full} is set by Google: it cannot be given` }];
      if (allowed === undefined || given === unknown) return [];
      return (Array.isArray(given) ? given : [given])
        .filter((each) => typeof each === 'string' && !allowed.includes(each))
        .map((each) => ({ ...at, summary: `${full} must be one of ${allowed.join(', ')}, not ${String(each)}` }));
    });
    const nested = Object.entries(block_types).flatMap(([name, { block: below, nesting_mode }]) => {
      const given = value[name] ?? null;
      if (!Array.isArray(given)) return visit(below, given, [...path, name]);
      return given.flatMap((each, index) =>
        visit(below, each, nesting_mode === 'list' ? [...path, name, index] : [...path, name]),
      );
    });
    return [...own, ...nested];
  };
  return visit(block, config, []);
}
