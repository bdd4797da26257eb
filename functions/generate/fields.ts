import type * as z from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A field of a body or a query, as a table shows it. */
export interface Field {
  /** With where it stands: `changes[].id`. */
  readonly name: string;
  readonly type: string;
  /** `yes`, or what holds without it. */
  readonly required: string;
  readonly description: string;
}

const isNull = ({ type }: JsonSchema) => type === 'null';

/** What a value can be, null aside. */
export const forms = (schema: JsonSchema): readonly JsonSchema[] => allForms(schema).filter((each) => !isNull(each));

function allForms(schema: JsonSchema): readonly JsonSchema[] {
  const types: unknown = schema.type;
  if (Array.isArray(types)) return types.map((type): JsonSchema => ({ ...schema, type }));
  return (schema.anyOf ?? schema.oneOf ?? [schema]) as readonly JsonSchema[];
}

/** A schema's description, or that of the one form it has beside null. */
function descriptionOf(schema: JsonSchema): string {
  const [only, ...others] = forms(schema);
  return schema.description ?? (others.length === 0 ? only?.description : undefined) ?? '';
}

/** All fields of an object, those of its objects and lists after each: a row for everything that has a name. */
export function fieldsOf(schema: JsonSchema, above = ''): Field[] {
  const shapes = forms(schema).filter(({ properties }) => properties !== undefined);
  const names = new Set(shapes.flatMap(({ properties = {} }) => Object.keys(properties)));
  return [...names].flatMap((name) => {
    const having = shapes.filter(({ properties = {} }) => Object.hasOwn(properties, name));
    const variants = having.map(({ properties = {} }) => properties[name] as JsonSchema);
    const everywhere = shapes.every(({ required = [] }) => required.includes(name));
    const [first = {}] = variants;
    const field = {
      name: above + name,
      type: [...new Set(variants.map(typeOf))].join(' or '),
      required: everywhere ? 'yes' : withoutIt(first, shapes.length > having.length),
      description: [...new Set(variants.map(descriptionOf))].join('; '),
    };
    return [field, ...below(first, `${above}${name}`)];
  });
}

function withoutIt(schema: JsonSchema, dependsOnForm: boolean): string {
  if (schema.default !== undefined) return `no: \`${JSON.stringify(schema.default)}\``;
  return dependsOnForm ? 'in some forms' : 'no';
}

function below(schema: JsonSchema, name: string): Field[] {
  const [only] = forms(schema);
  if (only?.type === 'array') return below(itemsOf(only), `${name}[]`);
  return fieldsOf(schema, `${name}.`);
}

export const itemsOf = ({ items }: JsonSchema): JsonSchema =>
  typeof items === 'object' && !Array.isArray(items) ? items : {};

/** In words: `list of at most 200 objects`. */
function typeOf(schema: JsonSchema): string {
  const names = [...new Set(forms(schema).map(single))].join(' or ');
  return allForms(schema).some(isNull) ? `${names} or null` : names;
}

function single(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((each) => `\`${JSON.stringify(each)}\``).join(' or ');
  switch (schema.type) {
    case 'string':
      return textType(schema);
    case 'integer':
    case 'number':
      return numberType(schema);
    case 'boolean':
      return 'boolean';
    case 'array':
      return listType(schema);
    case 'object':
      return schema.properties === undefined && typeof schema.additionalProperties === 'object'
        ? `map of ${typeOf(schema.additionalProperties as JsonSchema)}`
        : 'object';
    default:
      return 'anything';
  }
}

function textType(schema: JsonSchema): string {
  const { pattern, minLength, maxLength, format } = schema;
  const hex = /^\^\[0-9a-f\]\{(\d+)\}\$$/.exec(pattern ?? '')?.[1];
  if (hex !== undefined) return `${hex} hex characters`;
  // As a query carries a number.
  if (pattern === '^\\d{1,16}$') return numberType(schema);
  if (format === 'date-time') return 'text, ISO 8601';
  if (format === 'date') return 'text, `YYYY-MM-DD`';
  if (pattern !== undefined) return `text, \`${pattern.replaceAll('|', '\\|')}\``;
  if (maxLength === undefined) return 'text';
  return minLength === undefined ? `text, at most ${maxLength}` : `text, ${minLength} to ${maxLength}`;
}

function numberType({ minimum = -Infinity, maximum = Infinity }: JsonSchema): string {
  const most = maximum < Number.MAX_SAFE_INTEGER;
  if (minimum > Number.MIN_SAFE_INTEGER && most) return `whole number, ${minimum} to ${maximum}`;
  return minimum > 0 ? `whole number, at least ${minimum}` : 'whole number';
}

function listType(schema: JsonSchema): string {
  const { minItems, maxItems } = schema;
  const least = minItems === undefined ? '' : `${minItems} to `;
  const bound = maxItems === undefined ? '' : ` of ${least === '' ? 'at most ' : least}${maxItems}`;
  return `list${bound}: ${typeOf(itemsOf(schema))}`;
}
