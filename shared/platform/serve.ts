import { randomUUID } from 'node:crypto';
import { limits } from '../protocol/limits.ts';
import { Problem } from '../protocol/problems.ts';
import { counted } from '../store/counted.ts';
import type { CallContext, Context, Platform } from './context.ts';
import {
  type AnyFunction,
  type HttpFunction,
  operationsAt,
  type ScheduledFunction,
  type TopicFunction,
} from './definition.ts';
import { problemPage, problemResponse, toProblem } from './http/answer.ts';
import { readBody } from './http/body.ts';
import { corsHeaders, preflightHeaders } from './http/cors.ts';
import type { HttpRequest, HttpResponse } from './http/message.ts';
import { readPush } from './http/push-envelope.ts';
import { errorFields } from './log.ts';
import { methods } from './operation.ts';
import { runOperation } from './run-operation.ts';

/** The core: one request in, one response out, whatever happens. Never throws. */
export function serve(entry: AnyFunction, request: HttpRequest, platform: Platform): Promise<HttpResponse> {
  return respond(entry.name, request, platform, (context) => answer(entry, request, context));
}

/** The same for several functions behind one URL: the first segment of the path names the function. */
export function serveByPath(
  functions: ReadonlyMap<string, AnyFunction>,
  request: HttpRequest,
  platform: Platform,
): Promise<HttpResponse> {
  const [, name = '', rest = ''] = /^\/*([^/]*)(.*)$/s.exec(request.path) ?? [];
  const entry = functions.get(name);
  if (entry !== undefined) return serve(entry, { ...request, path: rest || '/' }, platform);
  return respond('unknown', request, platform, async () => {
    throw new Problem('FUNCTION_NOT_FOUND', `There is no function ${JSON.stringify(name.slice(0, 100))}.`);
  });
}

async function respond(
  name: string,
  request: HttpRequest,
  platform: Platform,
  run: (context: CallContext) => Promise<Outcome>,
): Promise<HttpResponse> {
  const requestId = requestIdOf(request.headers['request-id']);
  const started = platform.clock.now();
  const { database, count } = counted(platform.database);
  const response = await settled(run, { ...platform, database, requestId, address: request.address });
  const trace = traceOf(request.headers['x-cloud-trace-context'], platform.settings.projectId);
  const { status, code, failure } = response;
  const severity = status >= 500 ? 'ERROR' : status >= 400 ? 'NOTICE' : 'INFO';
  const durationMs = platform.clock.now() - started;
  const called = { function: name, method: request.method, status, code, durationMs };
  const line = { ...called, reads: count.reads, writes: count.writes, requestId, trace };
  platform.log.write(severity, `${name} ${status}`, {
    ...line,
    ...(failure === undefined ? {} : errorFields(failure)),
  });
  return {
    ...response,
    headers: {
      'cache-control': 'no-store',
      ...response.headers,
      ...corsHeaders(request.headers.origin, platform.settings.corsOrigins, response.headers.vary),
      'request-id': requestId,
    },
  };
}

/** A response, and for the log what went wrong. */
interface Outcome extends HttpResponse {
  readonly code?: string;
  readonly failure?: unknown;
}

function answer(entry: AnyFunction, request: HttpRequest, context: CallContext): Promise<Outcome> {
  switch (entry.trigger) {
    case 'http':
      return call(entry, request, context);
    case 'topic':
      return receive(entry, request, context);
    case 'schedule':
      return run(entry, request, context);
  }
}

async function settled(run: (context: CallContext) => Promise<Outcome>, context: CallContext): Promise<Outcome> {
  try {
    return await run(context);
  } catch (error) {
    const problem = toProblem(error);
    const failure = problem.code === 'INTERNAL' || problem.code === 'UNAVAILABLE' ? error : undefined;
    return { ...problemResponse(problem.document(context.requestId)), code: problem.code, failure };
  }
}

async function call(entry: HttpFunction, request: HttpRequest, context: CallContext): Promise<Outcome> {
  const { method, path } = request;
  const operations = operationsAt(entry, path);
  if (operations === undefined) {
    throw new Problem('FUNCTION_NOT_FOUND', `There is nothing at this path of the function ${entry.name}.`);
  }
  if (method === 'OPTIONS') return { status: 204, headers: preflightHeaders(Object.keys(operations)) };
  const known = methods.find((each) => each === method);
  const operation = known && operations[known];
  if (operation === undefined) throw methodNotAllowed(method, Object.keys(operations));
  try {
    return await runOperation(`${method} ${entry.name}`, operation, request, context);
  } catch (error) {
    const page = error instanceof Problem && (await problemPage(operation, error, request, context));
    if (!page) throw error;
    return { ...page, code: error.code };
  }
}

/** Pub/Sub takes any 2xx for "done" and everything else for "deliver again". */
async function receive(entry: TopicFunction, request: HttpRequest, context: CallContext): Promise<HttpResponse> {
  if (request.method !== 'POST') throw methodNotAllowed(request.method, ['POST']);
  const push = readPush(await readBody(request, { bytes: limits.pushEnvelopeBytes, form: false }));
  if (push === undefined) throw new Problem('INVALID_INPUT', 'The body is not a Pub/Sub push message.');
  await entry.receive(push.value, withCommit(context));
  return { status: 204, headers: {} };
}

/** Cloud Scheduler sends nothing that matters, and repeats what does not answer 2xx. */
async function run(entry: ScheduledFunction, request: HttpRequest, context: CallContext): Promise<HttpResponse> {
  if (request.method !== 'POST') throw methodNotAllowed(request.method, ['POST']);
  const report = await entry.run(withCommit(context));
  context.log.write('INFO', `${entry.name} has run`, { function: entry.name, requestId: context.requestId, ...report });
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(report) };
}

const withCommit = (context: CallContext): Context => ({
  ...context,
  commit: async (output, writes) => {
    await context.database.commit(writes);
    return output;
  },
});

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
