import type * as z from 'zod';
import { Problem, type ProblemCode } from '../protocol/problems.ts';
import type { RateRule } from '../protocol/rate-rules.ts';
import type { Context, SessionContext } from './context.ts';
import { fieldErrors } from './field-errors.ts';
import type { SecretName } from './secrets.ts';

export type Method = 'GET' | 'POST';

/** Who may call: anybody; who holds a session; or, by IAM, only the platform and the operators. */
export type Access = 'public' | 'session' | 'internal';

interface OperationSpec<In extends z.ZodType, Out extends z.ZodType, C> {
  readonly summary: string;
  /** The JSON body of a POST, the query of a GET. */
  readonly input: In;
  readonly output: Out;
  readonly success: 200 | 201 | 202 | 204;
  /** What it can answer beside the problems that every function can. */
  readonly problems?: readonly ProblemCode[];
  readonly rules?: readonly RateRule[];
  /** It writes: honours `Idempotency-Key`, and ends in `context.commit`. */
  readonly writes?: boolean;
  /** Bytes of the body after decompression; `limits.bodyBytes` unless said. */
  readonly bodyBytes?: number;
  /** Also reads `application/x-www-form-urlencoded`, as an HTML form sends it. */
  readonly form?: boolean;
  /** Draws the output for a browser: always, or where `Accept` prefers text/html to JSON. */
  readonly page?: { readonly when: 'always' | 'asked'; draw(output: z.output<Out>): string };
  /** Pure of HTTP: everything it needs comes in, everything it says goes out. */
  handle(input: z.output<In>, context: C): Promise<z.output<Out>>;
}

/** An operation as the adapter runs it: input still unchecked. */
export interface Operation extends Omit<OperationSpec<z.ZodType, z.ZodType, never>, 'handle' | 'page'> {
  readonly access: Access;
  readonly page?: { readonly when: 'always' | 'asked'; draw(output: unknown): string } | undefined;
  /** @throws Problem `INVALID_INPUT`, naming every wrong field. */
  parse(raw: unknown): unknown;
  execute(input: unknown, context: Context): Promise<unknown>;
}

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
}

export interface HttpFunction extends FunctionBase {
  readonly trigger: 'http';
  readonly operations: Readonly<Partial<Record<Method, Operation>>>;
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

export type AnyFunction = HttpFunction | TopicFunction;

type Parts = Partial<Pick<FunctionBase, 'secrets' | 'publishes'>> & { readonly resources?: Partial<Resources> };

const base = (name: string, { resources, secrets = [], publishes = [] }: Parts): FunctionBase => ({
  name,
  resources: { ...defaultResources, ...resources },
  secrets,
  publishes,
});

/** A function that clients call by its URL; one operation per HTTP method. */
export function httpFunction(name: string, operations: HttpFunction['operations'], parts: Parts = {}): HttpFunction {
  return { trigger: 'http', operations, ...base(name, parts) };
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

/** An operation that needs no session. */
export function publicOperation<In extends z.ZodType, Out extends z.ZodType>(
  spec: OperationSpec<In, Out, Context>,
): Operation {
  return operation('public', spec, (context) => context);
}

/** An operation on behalf of the account whose session the caller shows. */
export function sessionOperation<In extends z.ZodType, Out extends z.ZodType>(
  spec: OperationSpec<In, Out, SessionContext>,
): Operation {
  return operation('session', spec, (context) => {
    if (!hasCaller(context)) throw new Problem('UNAUTHENTICATED', 'This function needs a session.');
    return context;
  });
}

function operation<In extends z.ZodType, Out extends z.ZodType, C>(
  access: Access,
  spec: OperationSpec<In, Out, C>,
  narrow: (context: Context) => C,
): Operation {
  const { page } = spec;
  return {
    ...spec,
    access,
    page: page && { when: page.when, draw: (value) => page.draw(value as z.output<Out>) },
    parse: (raw) => check(spec.input, raw),
    execute: (input, context) => spec.handle(input as z.output<In>, narrow(context)),
  };
}

const hasCaller = (context: Context): context is SessionContext => context.caller !== undefined;

function check<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const errors = fieldErrors(result.error);
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new Problem('INVALID_INPUT', `${first?.path || 'The input'}: ${first?.message ?? 'is not valid'}${more}`, {
    errors,
  });
}
