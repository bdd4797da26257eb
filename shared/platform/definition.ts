import type * as z from 'zod';
import type { Context } from './context.ts';
import { check, type Method, type Operation } from './operation.ts';
import type { SecretName } from './secrets.ts';

export interface Resources {
  readonly memoryMiB: 256 | 512 | 1024;
  readonly timeoutSeconds: number;
  /** Requests that one instance serves at once. */
  readonly concurrency: number;
  readonly maxInstances: number;
}

const defaultResources: Resources = { memoryMiB: 256, timeoutSeconds: 60, concurrency: 40, maxInstances: 20 };

interface FunctionBase {
  /** The first path segment of its URL, and its name on Google Cloud. */
  readonly name: string;
  readonly resources: Resources;
  /** Secrets it reads: its service account may read these and no others. */
  readonly secrets: readonly SecretName[];
  /** Topics it publishes to. */
  readonly publishes: readonly string[];
  /** Whether it needs the database at all. */
  readonly usesStore: boolean;
}

/** One operation per HTTP method. */
export type Operations = Readonly<Partial<Record<Method, Operation>>>;

export interface HttpFunction extends FunctionBase {
  readonly trigger: 'http';
  readonly operations: Operations;
  /** Operations below the function's name, by path: `/v1/batch`. A function that has such answers no other path. */
  readonly paths: Readonly<Record<string, Operations>>;
}

/** Called by a Pub/Sub push subscription of its own. */
export interface TopicFunction extends FunctionBase {
  readonly trigger: 'topic';
  readonly topic: string;
  readonly summary: string;
  readonly message: z.ZodType;
  /** Deliveries before a message goes to the dead-letter topic. */
  readonly maxDeliveryAttempts: number;
  receive(message: unknown, context: Context): Promise<void>;
}

/** Called by Cloud Scheduler, by an empty POST. */
export interface ScheduledFunction extends FunctionBase {
  readonly trigger: 'schedule';
  /** When, in unix-cron format, UTC. */
  readonly schedule: string;
  readonly summary: string;
  /** Answers with counts of what it did. Called again, or killed half-way, it does what is left. */
  run(context: Context): Promise<Readonly<Record<string, number | boolean>>>;
}

export type AnyFunction = HttpFunction | TopicFunction | ScheduledFunction;

type Parts = Partial<Pick<FunctionBase, 'secrets' | 'publishes' | 'usesStore'>> & {
  readonly resources?: Partial<Resources>;
};

const base = (name: string, { resources, secrets = [], publishes = [], usesStore = true }: Parts): FunctionBase => ({
  name,
  resources: { ...defaultResources, ...resources },
  secrets,
  publishes,
  usesStore,
});

/** A function that clients call by its URL, and, with `paths`, by URLs below it. */
export function httpFunction(
  name: string,
  operations: Operations,
  { paths = {}, ...parts }: Parts & Partial<Pick<HttpFunction, 'paths'>> = {},
): HttpFunction {
  return { trigger: 'http', operations, paths, ...base(name, parts) };
}

/** An operation, and where it is called: the function's name with the path below it, if any. */
export interface PlacedOperation {
  readonly place: string;
  readonly method: Method;
  readonly operation: Operation;
}

/** All operations of a function, those below its name included. */
export function everyOperation({ name, operations, paths }: HttpFunction): PlacedOperation[] {
  return Object.entries({ '': operations, ...paths }).flatMap(([path, here]) =>
    Object.entries(here).map(([method, operation]) => ({ place: name + path, method: method as Method, operation })),
  );
}

/** What is called at a path. Some proxies leave the function's name in front of it, others take it away. */
export function operationsAt({ name, operations, paths }: HttpFunction, path: string): Operations | undefined {
  if (Object.keys(paths).length === 0) return operations;
  const below = path.replace(/\/+$/, '').replace(new RegExp(`^/${name}(?=/|$)`), '');
  if (below === '') return Object.keys(operations).length > 0 ? operations : undefined;
  return Object.hasOwn(paths, below) ? paths[below] : undefined;
}

interface TopicSpec<M extends z.ZodType> extends Parts {
  readonly topic: string;
  readonly summary: string;
  readonly message: M;
  readonly maxDeliveryAttempts?: number;
  /** Must be idempotent: Pub/Sub delivers at least once. A throw means: deliver again. */
  receive(message: z.output<M>, context: Context): Promise<void>;
}

/** A function that Pub/Sub calls, once or more per message. */
export function topicFunction<M extends z.ZodType>(name: string, spec: TopicSpec<M>): TopicFunction {
  const { topic, summary, message, maxDeliveryAttempts = 10 } = spec;
  const receive = async (raw: unknown, context: Context) => spec.receive(check(message, raw), context);
  return { trigger: 'topic', topic, summary, message, maxDeliveryAttempts, receive, ...base(name, spec) };
}

/** One call at a time is enough, and more would only meet each other. */
const oneAtATime = { concurrency: 1, maxInstances: 1, timeoutSeconds: 300 } as const;

/** A function that Cloud Scheduler calls. */
export function scheduledFunction(
  name: string,
  spec: Parts & Pick<ScheduledFunction, 'schedule' | 'summary' | 'run'>,
): ScheduledFunction {
  const { schedule, summary, run } = spec;
  const parts = base(name, { ...spec, resources: { ...oneAtATime, ...spec.resources } });
  return { trigger: 'schedule', schedule, summary, run, ...parts };
}
