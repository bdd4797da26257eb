import type * as z from 'zod';
import { Problem, type ProblemCode } from '../protocol/problems.ts';
import type { RateRule } from '../protocol/rate-rules.ts';
import type { Context, SessionContext } from './context.ts';
import { fieldErrors } from './field-errors.ts';
import type { Frame, PageFile } from './pages.ts';

export const methods = ['GET', 'POST', 'PUT'] as const;
export type Method = (typeof methods)[number];

/**
 * Who may call: anybody; who shows the analytics write key; who holds a session; or, by IAM, only the platform and the
 * operators.
 */
export type Access = 'public' | 'writeKey' | 'session' | 'internal';

/** Bytes as they come and go: never whole in memory. */
export type Bytes = AsyncIterable<Uint8Array>;

/** What a downloading operation hands out: a span of some content, and how to know that content again. */
export interface Download {
  readonly bytes: Bytes;
  /** Bytes of the whole content. */
  readonly size: number;
  /** The span that `bytes` is, when it is not the whole: both ends included. */
  readonly span?: { readonly first: number; readonly last: number } | undefined;
  /** SHA-256 of the whole content, hex: its strong validator. */
  readonly sha256: string;
}

interface Page<Output> {
  readonly when: 'always' | 'asked';
  draw(output: Output, frame: Frame): string;
  /** For links in mails, which may come cut off: draws `INVALID_INPUT`, where `Accept` prefers text/html to JSON. */
  readonly drawInvalid?: (frame: Frame) => string;
}

interface OperationFacts<In extends z.ZodType> {
  readonly summary: string;
  /** What its caller must know beyond the summary. */
  readonly about?: string;
  /** The JSON body of a POST, else the query. */
  readonly input: In;
  readonly success: 200 | 201 | 202 | 204;
  /** What it can answer beside the problems that every function can. */
  readonly problems?: readonly ProblemCode[];
  readonly rules?: readonly RateRule[];
  /** Request headers that are input too, each a field under the header's lower-case name. */
  readonly headers?: readonly string[];
}

interface OperationSpec<In extends z.ZodType, Out extends z.ZodType, C> extends OperationFacts<In> {
  readonly output: Out;
  /** It writes: honours `Idempotency-Key`, and ends in `context.commit`. */
  readonly writes?: boolean;
  /** Bytes of the body after decompression; `limits.bodyBytes` unless said. */
  readonly bodyBytes?: number;
  /** What a larger body is answered with; `BODY_TOO_LARGE` unless said. */
  readonly tooLarge?: ProblemCode;
  /** Draws the output as a table, for who asks for text/csv in `Accept`. */
  readonly csv?: { readonly fileName: string; draw(output: z.output<Out>): string };
  /** Also reads `application/x-www-form-urlencoded`, as an HTML form sends it. */
  readonly form?: boolean;
  /** Draws the output for a browser: always, or where `Accept` prefers text/html to JSON. */
  readonly page?: Page<z.output<Out>>;
  /** Pure of HTTP: everything it needs comes in, everything it says goes out. */
  handle(input: z.output<In>, context: C): Promise<z.output<Out>>;
}

interface UploadSpec<In extends z.ZodType, Out extends z.ZodType> extends OperationFacts<In> {
  readonly output: Out;
  /** Bytes of the body, as they are: it is not decompressed. */
  readonly bodyBytes: number;
  handle(input: z.output<In>, context: SessionContext, body: Bytes): Promise<z.output<Out>>;
}

interface DownloadSpec<In extends z.ZodType> extends OperationFacts<In> {
  handle(input: z.output<In>, context: SessionContext): Promise<Download>;
}

interface StreamSpec<In extends z.ZodType> extends OperationFacts<In> {
  /** One JSON document in UTF-8, in pieces. What fails after the first of them breaks the answer off. */
  handle(input: z.output<In>, context: SessionContext): Promise<Bytes>;
}

interface FileSpec<In extends z.ZodType> extends OperationFacts<In> {
  handle(input: z.output<In>, context: Context): Promise<PageFile>;
}

/** An operation as the adapter runs it: input still unchecked. */
export interface Operation extends OperationFacts<z.ZodType> {
  readonly access: Access;
  /** None where the answer is bytes, or is made while it is sent. */
  readonly output?: z.ZodType;
  readonly writes?: boolean;
  readonly bodyBytes?: number;
  readonly tooLarge?: ProblemCode;
  readonly form?: boolean;
  readonly page?: Page<unknown> | undefined;
  readonly csv?: { readonly fileName: string; draw(output: unknown): string } | undefined;
  /** The body is raw bytes, and the input stands in the query. */
  readonly uploads?: boolean;
  /** The answer is JSON that is made while it is sent. */
  readonly streams?: boolean;
  /** The answer is a file that never changes. */
  readonly file?: boolean;
  /** @throws Problem `INVALID_INPUT`, naming every wrong field. */
  parse(raw: unknown): unknown;
  execute(input: unknown, context: Context, body: Bytes): Promise<unknown>;
}

/** An operation that needs no session. */
export function publicOperation<In extends z.ZodType, Out extends z.ZodType>(
  spec: OperationSpec<In, Out, Context>,
): Operation {
  return operation('public', spec, (context) => context);
}

/** An operation for the programs that a deployment has given its analytics write key, as user name of Basic authentication. */
export function writeKeyOperation<In extends z.ZodType, Out extends z.ZodType>(
  spec: OperationSpec<In, Out, Context>,
): Operation {
  return operation('writeKey', spec, (context) => context);
}

/** An operation on behalf of the account whose session the caller shows. */
export function sessionOperation<In extends z.ZodType, Out extends z.ZodType>(
  spec: OperationSpec<In, Out, SessionContext>,
): Operation {
  return operation('session', spec, withCaller);
}

/**
 * An operation for the operators: the function it belongs to is deployed without public access, and IAM lets in whom the
 * deployment names as its invokers. A function holds such operations only, or none.
 */
export function internalOperation<In extends z.ZodType, Out extends z.ZodType>(
  spec: OperationSpec<In, Out, Context>,
): Operation {
  return operation('internal', spec, (context) => context);
}

/** An operation that takes raw bytes, in a session. Bytes that were not read are not waited for. */
export function uploadOperation<In extends z.ZodType, Out extends z.ZodType>(spec: UploadSpec<In, Out>): Operation {
  return {
    ...spec,
    access: 'session',
    writes: true,
    uploads: true,
    parse: (raw) => check(spec.input, raw),
    execute: (input, context, body) => spec.handle(input as z.output<In>, withCaller(context), body),
  };
}

/** An operation that answers with raw bytes, in a session. */
export function downloadOperation<In extends z.ZodType>(spec: DownloadSpec<In>): Operation {
  return {
    ...spec,
    access: 'session',
    parse: (raw) => check(spec.input, raw),
    execute: (input, context) => spec.handle(input as z.output<In>, withCaller(context)),
  };
}

/** An operation whose answer is JSON of any length, in a session: never whole in memory. */
export function streamOperation<In extends z.ZodType>(spec: StreamSpec<In>): Operation {
  return {
    ...spec,
    access: 'session',
    streams: true,
    parse: (raw) => check(spec.input, raw),
    execute: (input, context) => spec.handle(input as z.output<In>, withCaller(context)),
  };
}

/** An operation that answers anybody with a file whose name changes with its content: browsers keep it. */
export function fileOperation<In extends z.ZodType>(spec: FileSpec<In>): Operation {
  return {
    ...spec,
    access: 'public',
    file: true,
    parse: (raw) => check(spec.input, raw),
    execute: (input, context) => spec.handle(input as z.output<In>, context),
  };
}

function operation<In extends z.ZodType, Out extends z.ZodType, C>(
  access: Access,
  spec: OperationSpec<In, Out, C>,
  narrow: (context: Context) => C,
): Operation {
  const { page, csv } = spec;
  return {
    ...spec,
    access,
    page: page && { ...page, draw: (value, frame) => page.draw(value as z.output<Out>, frame) },
    csv: csv && { fileName: csv.fileName, draw: (value) => csv.draw(value as z.output<Out>) },
    parse: (raw) => check(spec.input, raw),
    execute: (input, context) => spec.handle(input as z.output<In>, narrow(context)),
  };
}

function withCaller(context: Context): SessionContext {
  if (!hasCaller(context)) throw new Problem('UNAUTHENTICATED', 'This function needs a session.');
  return context;
}

const hasCaller = (context: Context): context is SessionContext => context.caller !== undefined;

/** @throws Problem `INVALID_INPUT`, naming every wrong field */
export function check<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const errors = fieldErrors(result.error);
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new Problem('INVALID_INPUT', `${first?.path || 'The input'}: ${first?.message ?? 'is not valid'}${more}`, {
    errors,
  });
}
