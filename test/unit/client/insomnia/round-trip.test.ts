import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { frameType, joinExport, splitExport } from '../../../../client/insomnia/export-file.ts';

/** Keys that a careless program trips over stand among the usual ones. */
const key = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('$resource', 'meta', 'id', 'children', 'collection', 'type', '_type', 'name', '__proto__', '7'),
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('- a: b', 'yes', '0x1f', ' x ', '\ud800', '|'),
);
const { userData } = fc.letrec((tie) => ({
  userData: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('userData'), { maxLength: 4 }),
    fc.dictionary(key, tie('userData'), { maxKeys: 4 }),
  ),
}));
const id = fc.oneof(
  fc.uuid().map((each) => `req_${each}`),
  fc.uuid().map((each) => `__${each}__`),
);

const version4 = fc
  .record({
    ids: fc.uniqueArray(id, { maxLength: 6 }),
    types: fc.array(
      fc.constantFrom('request', 'request_group', 'websocket_request', 'api_spec', 'odd__One', 'Ünknown'),
    ),
    more: fc.array(fc.dictionary(key, userData, { maxKeys: 5 })),
  })
  .map(({ ids, types, more }) => ({
    _type: 'export',
    __export_format: 4,
    resources: ids.map((_id, index) => ({ ...more[index], _id, _type: types[index] ?? 'request' })),
  }));

const { item } = fc.letrec((tie) => ({
  item: fc.record(
    {
      name: text,
      meta: fc.record({ id, sortKey: fc.integer() }, { requiredKeys: [] }),
      children: fc.array(tie('item'), { maxLength: 3 }),
      data: userData,
      $resource: text,
    },
    { requiredKeys: [] },
  ),
}));
const version5 = fc
  .record(
    {
      name: text,
      meta: fc.record({ id }),
      collection: fc.array(fc.oneof(item, userData), { maxLength: 4 }),
      environments: fc.oneof(item, userData),
      spec: fc.record({ contents: userData, meta: fc.record({ id }) }),
      unknown: userData,
    },
    { requiredKeys: [] },
  )
  .map((file) => ({ type: 'spec.insomnia.rest/5.0', ...file }));

async function roundTrip(source: string) {
  const { resources, exact } = await splitExport(source);
  const frame = resources.find(({ type }) => type === frameType);
  return { exact, text: frame && joinExport(frame, resources).text, ids: resources.map((each) => each.id) };
}

/** As the program that wrote the file held it: what JSON makes of it. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('any export that Insomnia could write', () => {
  it.each([
    ['version 4 as JSON', version4, (value: unknown) => JSON.stringify(value)],
    ['version 4 as YAML', version4, (value: unknown) => stringify(value)],
    ['version 5 as YAML', version5, (value: unknown) => stringify(value)],
    ['version 5 as JSON', version5, (value: unknown) => JSON.stringify(value, null, 2)],
  ])('%s is split and joined to the byte', async (_what, files, write) => {
    await fc.assert(
      fc.asyncProperty(files as fc.Arbitrary<unknown>, async (file) => {
        const source = write(plain(file));
        const { exact, text, ids } = await roundTrip(source);
        expect({ exact, text }).toEqual({ exact: true, text: source });
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 300 },
    );
  });
});
