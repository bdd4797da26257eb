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
