import { randomUUID } from 'node:crypto';
import { limits } from '../protocol/limits.ts';
import { Problem } from '../protocol/problems.ts';
import type { CallContext, Context, Platform } from './context.ts';
import type { AnyFunction, HttpFunction, TopicFunction } from './definition.ts';
import { problemResponse, toProblem } from './http/answer.ts';
import { readBody } from './http/body.ts';
import { corsHeaders, preflightHeaders } from './http/cors.ts';
import type { HttpRequest, HttpResponse } from './http/message.ts';
import { readPush } from './http/push-envelope.ts';
import { errorFields } from './log.ts';
import { runOperation } from './run-operation.ts';

/** The core: one request in, one response out, whatever happens. Never throws. */
export async function serve(entry: AnyFunction, request: HttpRequest, platform: Platform): Promise<HttpResponse> {
  const requestId = requestIdOf(request.headers['request-id']);
  const started = platform.clock.now();
  const response = await answer(entry, request, platform, requestId);
  const trace = traceOf(request.headers['x-cloud-trace-context'], platform.settings.projectId);
  const { status, code, failure } = response;
  const severity = status >= 500 ? 'ERROR' : status >= 400 ? 'NOTICE' : 'INFO';
  const durationMs = platform.clock.now() - started;
  const line = { function: entry.name, method: request.method, status, code, durationMs, requestId, trace };
  platform.log.write(severity, `${entry.name} ${status}`, {
    ...line,
    ...(failure === undefined ? {} : errorFields(failure)),
  });
  return {
    ...response,
    headers: {
      ...response.headers,
      ...corsHeaders(request.headers.origin, platform.settings.corsOrigins),
      'request-id': requestId,
      'cache-control': 'no-store',
    },
  };
}

/** A response, and for the log what went wrong. */
interface Outcome extends HttpResponse {
  readonly code?: string;
  readonly failure?: unknown;
}

async function answer(
  entry: AnyFunction,
  request: HttpRequest,
  platform: Platform,
  requestId: string,
): Promise<Outcome> {
  const context = { ...platform, requestId, address: request.address };
  try {
    return entry.trigger === 'http' ? await call(entry, request, context) : await receive(entry, request, context);
  } catch (error) {
    const problem = toProblem(error);
    const failure = problem.code === 'INTERNAL' || problem.code === 'UNAVAILABLE' ? error : undefined;
    return { ...problemResponse(problem.document(requestId)), code: problem.code, failure };
  }
}

async function call(
  { name, operations }: HttpFunction,
  request: HttpRequest,
  context: CallContext,
): Promise<HttpResponse> {
  const { method } = request;
  if (method === 'OPTIONS') return { status: 204, headers: preflightHeaders(Object.keys(operations)) };
  const operation = method === 'GET' || method === 'POST' ? operations[method] : undefined;
  if (operation === undefined) throw methodNotAllowed(method, Object.keys(operations));
  return runOperation(`${method} ${name}`, operation, request, context);
}

/** Pub/Sub takes any 2xx for "done" and everything else for "deliver again". */
async function receive(entry: TopicFunction, request: HttpRequest, context: CallContext): Promise<HttpResponse> {
  if (request.method !== 'POST') throw methodNotAllowed(request.method, ['POST']);
  const push = readPush(await readBody(request, { bytes: limits.pushEnvelopeBytes, form: false }));
  if (push === undefined) throw new Problem('INVALID_INPUT', 'The body is not a Pub/Sub push message.');
  const commit: Context['commit'] = async (output, writes) => {
    await context.database.commit(writes);
    return output;
  };
  await entry.receive(push.value, { ...context, commit });
  return { status: 204, headers: {} };
}

const methodNotAllowed = (method: string, allowed: readonly string[]) =>
  new Problem('METHOD_NOT_ALLOWED', `${method} is not for this function; ${allowed.join(' and ')} is.`, { allowed });

/** The caller's own id if it is a sensible one: it ties its log to ours. */
const requestIdOf = (given: string | undefined): string =>
  given !== undefined && /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : randomUUID();

/** `TRACE/SPAN;o=1`, as Google's front end sends it. */
function traceOf(header: string | undefined, projectId: string): string | undefined {
  const trace = /^([0-9a-f]{32})\//.exec(header ?? '')?.[1];
  return trace && `projects/${projectId}/traces/${trace}`;
}
