import { forms, itemsOf, type JsonSchema } from './fields.ts';

/**
 * The smallest value of a JSON Schema's shape: what is required only, and for each text a place that says what goes there.
 * @param name of the field
 */
export function exampleOf(schema: JsonSchema, name = ''): unknown {
  const [given] = schema.examples ?? [];
  if (given !== undefined) return given;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first = schema] = forms(schema);
  if (first !== schema) return exampleOf(first, name);
  switch (schema.type) {
    case 'object': {
      const { properties = {}, required = [] } = schema;
      return Object.fromEntries(required.map((field) => [field, exampleOf(properties[field] as JsonSchema, field)]));
    }
    case 'array':
      return (schema.minItems ?? 0) > 0 ? [exampleOf(itemsOf(schema), name)] : [];
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, 0);
    case 'boolean':
      return false;
    case 'string':
      return name === 'email' ? 'jane@example.com' : `<${name}>`;
    default:
      return null;
  }
}
