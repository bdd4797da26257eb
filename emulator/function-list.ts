import { type AnyFunction, everyOperation } from '../shared/platform/definition.ts';
import type { Access } from '../shared/platform/operation.ts';

/** One line of the table of functions: a function and method, or a function that Pub/Sub calls. */
export interface ListedFunction {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly access: Access;
  /** The topic whose messages it takes. */
  readonly topic?: string;
  /** When it is called on Google Cloud, in unix-cron format. */
  readonly schedule?: string;
  readonly summary: string;
}

export function listFunctions(registry: readonly AnyFunction[], baseUrl: string): ListedFunction[] {
  return registry.flatMap((entry): ListedFunction[] => {
    const { name } = entry;
    const url = `${baseUrl}/${name}`;
    if (entry.trigger === 'topic') {
      return [{ name, method: 'POST', url, access: 'internal', topic: entry.topic, summary: entry.summary }];
    }
    if (entry.trigger === 'schedule') {
      return [{ name, method: 'POST', url, access: 'internal', schedule: entry.schedule, summary: entry.summary }];
    }
    return everyOperation(entry).map(({ place, method, operation: { access, summary } }) => ({
      name: place,
      method,
      url: `${baseUrl}/${place}`,
      access,
      summary,
    }));
  });
}

/** What it does, and what calls it if clients do not. */
export function describeFunction({ summary, topic, schedule }: ListedFunction): string {
  if (topic !== undefined) return `${summary} (Pub/Sub: ${topic})`;
  return schedule === undefined ? summary : `${summary} (scheduled: ${schedule})`;
}
