import { unknown, type Value } from './msgpack.ts';
import type { AttributeType, Block } from './schema.ts';

type Make = (type: AttributeType, name: string) => Value;

/**
 * The value with everything filled in that the provider sets: what is null and computed, or still unknown. What may only
 * be written is taken out, as the real provider does.
 */
export function filled({ attributes, block_types }: Block, value: Value, make: Make): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const own = Object.entries(attributes).map(([name, { type, computed, write_only }]): [string, Value] => {
    const given = value[name] ?? null;
    if (write_only) return [name, null];
    return [name, computed && (given === null || given === unknown) ? make(type, name) : given];
  });
  const nested = Object.entries(block_types).map(([name, { block }]): [string, Value] => {
    const given = value[name] ?? null;
    return [name, Array.isArray(given) ? given.map((each) => filled(block, each, make)) : filled(block, given, make)];
  });
  return Object.fromEntries([...own, ...nested]);
}

/** What Google would answer, as far as others refer to it; for the rest something of the right type. */
export function answerOf(resourceType: string, value: Value): Make {
  const given = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : undefined);
  const project = 'offline-project';
  const own =
    text('name') ?? text('account_id') ?? text('secret_id') ?? text('bucket_id') ?? text('repository_id') ?? 'x';
  const email = `${text('account_id') ?? 'x'}@${project}.iam.gserviceaccount.com`;
  const known: Readonly<Record<string, string>> = {
    id: idOf(resourceType, own, email, project),
    email,
    location: 'us-central1',
    member: `serviceAccount:${email}`,
    number: '123456789012',
    project,
    uri: `https://${own}-offline-uc.a.run.app`,
  };
  return (type, name) => {
    if (type === 'string') return known[name] ?? `${own}-${name}`;
    if (type === 'number') return 0;
    if (type === 'bool') return false;
    if (type === 'dynamic') return null;
    if (type[0] === 'map') return {};
    if (type[0] === 'object') return Object.fromEntries(Object.entries(type[1]).map(([key]) => [key, null]));
    return [];
  };
}

function idOf(resourceType: string, name: string, email: string, project: string): string {
  const kinds: Readonly<Record<string, string>> = {
    google_service_account: `serviceAccounts/${email}`,
    google_pubsub_topic: `topics/${name}`,
    google_pubsub_subscription: `subscriptions/${name}`,
    google_secret_manager_secret: `secrets/${name}`,
  };
  return `projects/${project}/${kinds[resourceType] ?? `${resourceType}/${name}`}`;
}
