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
  const search = new URLSearchParams(query);
  return { method, path: '/', query: search, headers, address: '192.0.2.1', body: body() };
}

export interface InProcessAnswer {
  readonly status: number;
  readonly replayed: boolean;
  readonly text: string;
  readonly body: unknown;
}

/** Runs one request through a function of the registry, on any platform. */
export async function callInProcess(name: string, request: HttpRequest, platform: Platform): Promise<InProcessAnswer> {
  const entry = registry.find((each) => each.name === name);
  if (entry === undefined) throw new Error(`There is no function ${name}.`);
  const { status, headers, body = '' } = await serve(entry, request, platform);
  const text = typeof body === 'string' ? body : '';
  const replayed = headers['idempotency-replayed'] === 'true';
  return { status, replayed, text, body: text === '' ? undefined : JSON.parse(text) };
}

/** Whether the registry has it: for what is tested as soon as it is there. */
export const hasFunction = (name: string): boolean => registry.some((each) => each.name === name);
