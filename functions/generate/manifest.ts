import {
  type AnyFunction,
  everyOperation,
  type HttpFunction,
  type Resources,
} from '../../shared/platform/definition.ts';
import { secretNames } from '../../shared/platform/secrets.ts';
import { type StoreAccess, storeAccess } from '../../shared/platform/store-access.ts';
import {
  type CompositeIndex,
  compositeIndexes,
  expiring,
  groupIndexes,
  unindexed,
} from '../../shared/store/indexes.ts';
import { runtime } from '../bundle/runtime.ts';
import { isOpen, singleName, togetherInSingle } from '../single.ts';

/** What a deployment needs to know of one function. */
export interface DescribedFunction {
  readonly trigger: AnyFunction['trigger'];
  /** Of one that is called by HTTP. */
  readonly methods?: readonly string[];
  /** Of one that takes messages. */
  readonly topic?: string;
  readonly maxDeliveryAttempts?: number;
  /** Of one that is called regularly: unix-cron format, UTC. */
  readonly schedule?: string;
  /** Whether anybody may call it; if not, the platform or the operators. */
  readonly public: boolean;
  readonly summary: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly concurrency: number;
  readonly maxInstances: number;
  readonly secrets: readonly string[];
  readonly publishes: readonly string[];
  readonly store: StoreAccess;
}

/** What a deployment needs to know of the registry; infrastructure code loops over it. */
export interface Manifest {
  readonly runtime: string;
  readonly functions: Readonly<Record<string, DescribedFunction>>;
  /** What stands for all public functions where a deployment has a single one. */
  readonly single: DescribedFunction & { readonly name: string };
  readonly topics: readonly string[];
  readonly secrets: readonly string[];
  readonly firestore: {
    readonly compositeIndexes: readonly CompositeIndex[];
    readonly groupIndexes: readonly { readonly collectionGroup: string; readonly field: string }[];
    readonly unindexed: readonly { readonly collectionGroup: string; readonly field: string }[];
    readonly expiring: readonly string[];
  };
}

export function manifest(registry: readonly AnyFunction[]): Manifest {
  const topics = new Set(
    registry.flatMap((entry) => [...entry.publishes, ...(entry.trigger === 'topic' ? [entry.topic] : [])]),
  );
  return {
    runtime: runtime.name,
    functions: Object.fromEntries(registry.map((entry) => [entry.name, describe(entry)])),
    single: single(togetherInSingle(registry)),
    topics: [...topics].sort(),
    secrets: [...secretNames].sort(),
    firestore: { compositeIndexes, groupIndexes, unindexed, expiring },
  };
}

function describe(entry: AnyFunction): DescribedFunction {
  const { resources, secrets, publishes } = entry;
  const common = {
    summary: entry.trigger === 'http' ? summaryOf(entry) : entry.summary,
    ...resources,
    secrets: [...secrets].sort(),
    publishes: [...publishes].sort(),
    store: storeAccess(entry),
  };
  switch (entry.trigger) {
    case 'topic': {
      const { topic, maxDeliveryAttempts } = entry;
      return { trigger: 'topic', topic, maxDeliveryAttempts, public: false, ...common };
    }
    case 'schedule':
      return { trigger: 'schedule', schedule: entry.schedule, public: false, ...common };
    case 'http':
      return { trigger: 'http', methods: methodsOf(entry), public: isOpen(entry), ...common };
  }
}

/** One function in the place of many: it may what any of them may, and bears what the most sensitive of them bears. */
function single(together: readonly HttpFunction[]): Manifest['single'] {
  const all = <T>(of: (entry: HttpFunction) => readonly T[]) => [...new Set(together.flatMap(of))].sort();
  const largest = (name: keyof Resources) => Math.max(...together.map(({ resources }) => resources[name]));
  return {
    name: singleName,
    trigger: 'http',
    methods: all(methodsOf),
    public: true,
    summary: 'Every function that clients call, each at the path of its name',
    memoryMiB: largest('memoryMiB'),
    timeoutSeconds: largest('timeoutSeconds'),
    concurrency: Math.min(...together.map(({ resources }) => resources.concurrency)),
    maxInstances: largest('maxInstances'),
    secrets: all(({ secrets }) => secrets),
    publishes: all(({ publishes }) => publishes),
    store: 'writes',
  };
}

const summaryOf = (entry: HttpFunction): string => everyOperation(entry)[0]?.operation.summary ?? '';

const methodsOf = (entry: HttpFunction) => [...new Set(everyOperation(entry).map(({ method }) => method))];
