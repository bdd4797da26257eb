import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorCode, errorFields, type Log } from '../log.ts';
import type { Settings } from '../settings.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import { headOf } from './unread-body.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Runs a request-to-response function on node:http, and so on everything built upon it. */
export function nodeListener(
  answer: (request: HttpRequest) => Promise<HttpResponse>,
  { settings, log }: { readonly settings: Pick<Settings, 'trustedHops'>; readonly log: Log },
): Listener {
  return async (incoming, outgoing) => {
    const { status, headers, body = '', bytes } = await answer(fromNode(incoming, settings.trustedHops));
    // What the caller still sends of a refused body is not waited for.
    const rest = incoming.complete ? {} : { connection: 'close' };
    if (bytes === undefined) {
      outgoing.writeHead(status, { ...headers, ...lengthOf(status, body), ...rest });
      outgoing.end(body);
      return;
    }
    outgoing.writeHead(status, { ...headers, ...rest });
    try {
      await pipeline(Readable.from(bytes), outgoing);
    } catch (error) {
      // The status is sent: all that can be said now is to end before the promised length.
      outgoing.destroy();
      const gone = incoming.socket.destroyed && errorCode(error) === 'ERR_STREAM_PREMATURE_CLOSE';
      log.write(gone ? 'NOTICE' : 'ERROR', 'an answer broke off half-way', {
        requestId: headers['request-id'],
        ...errorFields(error),
      });
    }
  };
}

const lengthOf = (status: number, body: string) =>
  status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };

function fromNode(incoming: IncomingMessage, trustedHops: number): HttpRequest {
  const { url, headers } = headOf(incoming);
  const [path = '/', query = ''] = split(url, '?');
  const single: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) single[name] = Array.isArray(value) ? value.join(', ') : value;
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: single,
    address: clientAddress(single['x-forwarded-for'], incoming.socket.remoteAddress ?? 'unknown', trustedHops),
    body: incoming,
  };
}

/**
 * Each trusted proxy appends the address it was called from, so the caller stands `trustedHops` from the right.
 * What stands further left, the caller may have written itself.
 */
export function clientAddress(forwarded: string | undefined, peer: string, trustedHops: number): string {
  if (trustedHops === 0 || forwarded === undefined) return peer;
  return (
    forwarded
      .split(',')
      .map((address) => address.trim())
      .at(-trustedHops) || peer
  );
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
