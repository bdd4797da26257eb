import * as z from 'zod';
import { eventTypes } from '../../shared/protocol/analytics.ts';
import { hex } from '../../shared/protocol/fields.ts';
import { allowList, type PropertyRule } from './allow-list.ts';

/** Says that everything about an id is to be erased: for stores that read the topic and are not ours, such as BigQuery. */
export const erasureType = 'erasure';

const bigQueryTypes = { word: 'STRING', count: 'INTEGER', flag: 'BOOLEAN' } as const satisfies Record<
  PropertyRule['kind'],
  string
>;

/** https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema */
export interface Column {
  readonly name: string;
  readonly type: 'STRING' | 'INTEGER' | 'BOOLEAN' | 'TIMESTAMP' | 'RECORD';
  readonly mode: 'REQUIRED' | 'NULLABLE';
  readonly description: string;
  readonly fields?: readonly Column[];
}

const required = (name: string, type: Column['type'], description: string): Column => ({
  name,
  type,
  mode: 'REQUIRED',
  description,
});
const optional = (name: string, description: string): Column => ({
  name,
  type: 'STRING',
  mode: 'NULLABLE',
  description,
});

/** One column a property, whichever events have it. */
function propertyColumns(): Column[] {
  const rules = allowList.flatMap(({ properties }) => Object.entries(properties));
  return [...Map.groupBy(rules, ([name]) => name)].map(([name, same]) => {
    const [kind] = same.map(([, rule]) => rule.kind);
    const description = [...new Set(same.map(([, { about }]) => about))].join('; ');
    return { name, type: bigQueryTypes[kind ?? 'word'], mode: 'NULLABLE', description };
  });
}

/** Every field of an event as it is published: what BigQuery stores, and, with times as numbers, what Firestore does. */
export const columns: readonly Column[] = [
  required('eventId', 'STRING', "A keyed hash of the client's message id: rows that are equal in it are one event"),
  required(
    'type',
    'STRING',
    `The call: ${eventTypes.join(', ')}; or ${erasureType}, after which the id it names is to be forgotten`,
  ),
  required('event', 'STRING', 'What happened, from the allow-list'),
  required('timestamp', 'TIMESTAMP', "When it happened, by the client's clock as corrected"),
  required('receivedAt', 'TIMESTAMP', 'When it was received'),
  optional('anonymousId', "A keyed hash of the device's id"),
  optional('userId', "A keyed hash of the account's id"),
  optional('app', 'The app'),
  optional('appVersion', 'Its version'),
  optional('os', 'The operating system: mac, windows, linux'),
  optional('osVersion', 'Its version'),
  optional('library', 'The library that sent it'),
  optional('libraryVersion', 'Its version'),
  {
    name: 'properties',
    type: 'RECORD',
    mode: 'NULLABLE',
    description: 'What the allow-list keeps of the properties',
    fields: propertyColumns(),
  },
];

const text = z.string().max(200);

const about = (column: string): string => columns.find(({ name }) => name === column)?.description ?? '';

/** An event as it is published: JSON in which a field without a value is left out. */
export const eventRow = z.strictObject({
  eventId: hex(64).describe(about('eventId')),
  type: z.enum([...eventTypes, erasureType]).describe(about('type')),
  event: text.describe(about('event')),
  timestamp: z.iso.datetime().describe(about('timestamp')),
  receivedAt: z.iso.datetime().describe(about('receivedAt')),
  anonymousId: hex(64).optional().describe(about('anonymousId')),
  userId: hex(64).optional().describe(about('userId')),
  app: text.optional().describe(about('app')),
  appVersion: text.optional().describe(about('appVersion')),
  os: text.optional().describe(about('os')),
  osVersion: text.optional().describe(about('osVersion')),
  library: text.optional().describe(about('library')),
  libraryVersion: text.optional().describe(about('libraryVersion')),
  properties: z
    .record(z.string().max(50), z.union([text, z.int(), z.boolean()]))
    .optional()
    .describe(about('properties')),
});
export type EventRow = z.output<typeof eventRow>;
