import { registry } from '../../functions/registry.ts';
import type { Platform } from '../../shared/platform/context.ts';
import type { HttpRequest } from '../../shared/platform/http/message.ts';
import { serve } from '../../shared/platform/serve.ts';

type Headers = Readonly<Record<string, string>>;

/** A POST of JSON, for calling the core without a server: to turn its clock, or to come from another address. */
export function jsonRequest(input: object, headers: Headers = {}): HttpRequest {
  return bytesRequest('POST', {}, Buffer.from(JSON.stringify(input)), {
    'content-type': 'application/json',
    ...headers,
  });
}

/** A request with its input in the query, as a GET has it, and an upload besides its bytes. */
export function bytesRequest(
  method: 'GET' | 'POST' | 'PUT',
  query: Headers,
  bytes: Uint8Array,
  headers: Headers = {},
): HttpRequest {
  async function* body() {
    yield bytes;
  }
  return rawRequest({ method, query, headers, body: body() });
}

interface RawCall {
  readonly method: string;
  readonly query: Readonly<Record<string, string | number>>;
  readonly headers?: Headers;
  /** A session's. */
  readonly token?: string;
  readonly body?: AsyncIterable<Uint8Array>;
}

/** The same with a body that comes in pieces, or breaks off. */
export function rawRequest({ method, query, headers = {}, token, body }: RawCall): HttpRequest {
  async function* none() {}
  return {
    method,
    path: '/',
    query: new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])),
    headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    address: '192.0.2.1',
    body: body ?? none(),
  };
}

export interface InProcessAnswer {
  readonly status: number;
  readonly replayed: boolean;
  readonly text: string;
  readonly body: unknown;
}

/** Runs one request through a function of the registry, on any platform. */
export async function callInProcess(name: string, request: HttpRequest, platform: Platform): Promise<InProcessAnswer> {
  const { status, headers, text, body } = await serveInProcess(name, request, platform);
  return { status, replayed: headers['idempotency-replayed'] === 'true', text, body };
}

/** The same, with the answer's headers. */
export async function serveInProcess(name: string, request: HttpRequest, platform: Platform) {
  const entry = registry.find((each) => each.name === name);
  if (entry === undefined) throw new Error(`There is no function ${name}.`);
  const { status, headers, body: text = '' } = await serve(entry, request, platform);
  return { status, headers, text, body: text === '' ? undefined : JSON.parse(text) };
}
