import { type AnyFunction, everyOperation } from '../../shared/platform/definition.ts';
import { secretNames } from '../../shared/platform/secrets.ts';
import { compositeIndexes, expiring, groupIndexes, unindexed } from '../../shared/store/indexes.ts';

/** What a deployment needs to know of the registry; infrastructure code loops over it. */
export function manifest(registry: readonly AnyFunction[]) {
  const topics = new Set(
    registry.flatMap((entry) => [...entry.publishes, ...(entry.trigger === 'topic' ? [entry.topic] : [])]),
  );
  return {
    functions: Object.fromEntries(registry.map((entry) => [entry.name, describe(entry)])),
    topics: [...topics].sort(),
    secrets: [...secretNames].sort(),
    firestore: { compositeIndexes, groupIndexes, unindexed, expiring },
  };
}

function describe(entry: AnyFunction) {
  const { resources, secrets, publishes } = entry;
  const common = { ...resources, secrets: [...secrets].sort(), publishes: [...publishes].sort() };
  switch (entry.trigger) {
    case 'topic': {
      const { topic, maxDeliveryAttempts } = entry;
      return { trigger: 'topic', topic, maxDeliveryAttempts, public: false, ...common };
    }
    case 'schedule':
      return { trigger: 'schedule', schedule: entry.schedule, public: false, ...common };
    case 'http': {
      const operations = everyOperation(entry);
      const open = operations.some(({ operation }) => operation.access !== 'internal');
      const methods = [...new Set(operations.map(({ method }) => method))];
      return { trigger: 'http', methods, public: open, ...common };
    }
  }
}
