import type { HttpRequest } from '../../shared/platform/http/message.ts';

/** A POST of JSON, for calling the core without a server: to turn its clock, or to come from another address. */
export function jsonRequest(input: object, headers: Readonly<Record<string, string>> = {}): HttpRequest {
  async function* body() {
    yield new TextEncoder().encode(JSON.stringify(input));
  }
  return {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/json', ...headers },
    address: '192.0.2.1',
    body: body(),
  };
}

interface RawCall {
  readonly method: string;
  readonly query: Readonly<Record<string, string | number>>;
  readonly token: string;
  readonly body?: AsyncIterable<Uint8Array>;
}

/** A call with its input in the query, and raw bytes as its body. */
export function rawRequest({ method, query, token, body }: RawCall): HttpRequest {
  async function* none() {}
  return {
    method,
    path: '/',
    query: new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])),
    headers: { authorization: `Bearer ${token}` },
    address: '192.0.2.1',
    body: body ?? none(),
  };
}
