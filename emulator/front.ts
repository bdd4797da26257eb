import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { problemResponse, toProblem } from '../shared/platform/http/answer.ts';
import { forwardTo, headOf } from '../shared/platform/http/unread-body.ts';
import { errorFields, type Log } from '../shared/platform/log.ts';
import { Problem } from '../shared/protocol/problems.ts';

/** What answers below one first path segment. Gets the rest of the path, with the query. */
export type Route = (request: IncomingMessage, response: ServerResponse, url: string) => void | Promise<void>;

/** The route to a function's own functions-framework server, which it hands the request as its own listener would. */
export const functionRoute =
  (server: Server): Route =>
  (request, response, url) => {
    forwardTo(request, url);
    server.emit('request', request, response);
  };

/** Chooses by the first path segment, as Google's front end does by function name; without one, `''`. */
export function front(routes: ReadonlyMap<string, Route>, log: Log) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { name, rest } = split(headOf(request).url);
    const route = routes.get(name);
    try {
      if (route === undefined)
        throw new Problem('FUNCTION_NOT_FOUND', `There is no function ${JSON.stringify(name.slice(0, 100))}.`);
      await route(request, response, rest);
    } catch (error) {
      const requestId = randomUUID();
      const problem = toProblem(error);
      const { status } = problem.document(requestId);
      const why = error instanceof Problem ? {} : errorFields(error);
      log.write(status >= 500 ? 'ERROR' : 'NOTICE', `${request.method} ${status} ${problem.code}`, {
        requestId,
        ...why,
      });
      const { headers, body } = asResponse(problem, requestId);
      response.writeHead(status, headers).end(body);
    }
  };
}

/** What everything is answered with until there are routes. A browser asks again by itself. */
export function starting(_request: IncomingMessage, response: ServerResponse): void {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'retry-after': '2' };
  response.writeHead(503, { ...headers, connection: 'close' }).end(startingPage);
}

const startingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="2">
<title>Nightvault</title>
<p>The local stack is starting.
</html>
`;

/** `/name/more?query` → `name` and `/more?query`. */
function split(url: string): { name: string; rest: string } {
  const [, name = '', rest = ''] = /^\/*([^/?]*)(.*)$/s.exec(url) ?? [];
  return { name, rest: rest.startsWith('/') ? rest : `/${rest}` };
}

/** Answers what is not HTTP, which Node's parser never hands on as a request. */
export function refuseBadHttp(server: Server): void {
  server.on('clientError', (_error, socket: Duplex) => {
    if (!socket.writable) return;
    const problem = new Problem('INVALID_INPUT', 'The request is not well-formed HTTP/1.1.', {
      errors: [{ path: '', message: 'must be a well-formed HTTP/1.1 request' }],
    });
    const { headers, body } = asResponse(problem, randomUUID());
    const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
    socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  });
}

function asResponse(problem: Problem, requestId: string) {
  const { headers, body = '' } = problemResponse(problem.document(requestId));
  const length = String(Buffer.byteLength(body));
  return {
    headers: { ...headers, 'request-id': requestId, 'cache-control': 'no-store', 'content-length': length },
    body,
  };
}
