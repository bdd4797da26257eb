/** Deeper than any of our bodies nests. */
const deepest = 6;

/**
 * The smallest value that has the shape of a JSON Schema: only what is required, and in each text what it must look like.
 * @param {object} schema - as in the OpenAPI document
 * @param name - of the field, by which an address is known
 */
export function sampleOf(schema, name = '', depth = 0) {
  if (depth > deepest) return null;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined) return sampleOf(choices[0], name, depth);
  switch (schema.type) {
    case 'object': {
      const { properties = {}, required = [] } = schema;
      return Object.fromEntries(required.map((field) => [field, sampleOf(properties[field] ?? {}, field, depth + 1)]));
    }
    case 'array':
      return (schema.minItems ?? 0) > 0 ? [sampleOf(schema.items ?? {}, name, depth + 1)] : [];
    case 'integer':
    case 'number':
      return schema.minimum > 0 ? schema.minimum : 0;
    case 'boolean':
      return false;
    case 'string':
      return name === 'email' ? 'jane@example.com' : '';
    default:
      return null;
  }
}
