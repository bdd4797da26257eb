import { bytes, integer, message, text } from './protobuf.ts';
import type { Block, ProviderSchema, TypeSchema } from './schema.ts';

/** The schema as tfplugin5's GetProviderSchema.Response. */
export function schemaMessage({ provider, resource_schemas, data_source_schemas }: ProviderSchema): Buffer {
  const types = (field: number, schemas: Readonly<Record<string, TypeSchema>>) =>
    Object.entries(schemas).map(([name, each]) => bytes(field, message(text(1, name), bytes(2, typeSchema(each)))));
  // Says that Terraform need not ask for it again in the same process.
  const capabilities = integer(2, true);
  return message(
    bytes(1, typeSchema({ version: 0, block: provider.block })),
    ...types(2, resource_schemas),
    ...types(3, data_source_schemas),
    bytes(6, capabilities),
  );
}

const typeSchema = ({ version, block }: TypeSchema) => message(integer(1, version), bytes(2, blockMessage(block)));

const nesting = { single: 1, list: 2, set: 3, map: 4 } as const;

function blockMessage({ attributes, block_types }: Block): Buffer {
  return message(
    ...Object.entries(attributes).map(([name, { type, required, optional, computed, sensitive, write_only }]) =>
      bytes(
        2,
        message(
          text(1, name),
          bytes(2, JSON.stringify(type)),
          integer(4, required),
          integer(5, optional),
          integer(6, computed),
          integer(7, sensitive),
          integer(10, write_only),
        ),
      ),
    ),
    ...Object.entries(block_types).map(([name, { nesting_mode, block, min_items, max_items }]) =>
      bytes(
        3,
        message(
          text(1, name),
          bytes(2, blockMessage(block)),
          integer(3, nesting[nesting_mode]),
          integer(4, min_items),
          integer(5, max_items),
        ),
      ),
    ),
  );
}
