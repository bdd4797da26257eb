import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/**
 * functions-framework parses every body before user code runs, up to 1 GiB of it; answers malformed JSON, broken gzip
 * and bad percent-encoding itself, as HTML; and logs a malformed body whole, with the passphrase that may be in it.
 * Its parsers skip a request that announces no body and whose path is plain. So, when Node has read a request's head
 * and before any server sees it, the headers that announce the body and the path are put aside for our own adapter.
 * The bytes themselves are framed by Node's parser already and stay unread in the stream.
 */
const announcing = ['content-length', 'transfer-encoding', 'content-type', 'content-encoding'] as const;

interface Head {
  readonly url: string;
  readonly headers: Pick<IncomingHttpHeaders, (typeof announcing)[number]>;
}

/** On the request itself, under a name that every copy of this module in the process knows. */
const head = Symbol.for('nightvault.request.head');
type WithHead = IncomingMessage & { [head]?: Head };

const channel = 'http.server.request.start';

/** From now on every HTTP request to this process arrives with its body unread, until the returned function is called. */
export function keepBodiesUnread(): () => void {
  const begun = (event: unknown) => putAside((event as { request: IncomingMessage }).request);
  subscribe(channel, begun);
  return () => void unsubscribe(channel, begun);
}

function putAside(request: WithHead): void {
  if (request[head] !== undefined) return;
  const headers: Record<string, string | undefined> = {};
  for (const name of announcing) {
    headers[name] = request.headers[name];
    delete request.headers[name];
  }
  request[head] = { url: request.url ?? '/', headers };
  request.url = '/';
}

/** The path and query as sent, and all headers, announcing ones included. */
export function headOf(request: WithHead): { url: string; headers: IncomingHttpHeaders } {
  const aside = request[head];
  return { url: aside?.url ?? request.url ?? '/', headers: { ...request.headers, ...aside?.headers } };
}

/** For a router in front of several functions: the path that the function it chose is to see. */
export function forwardTo(request: WithHead, url: string): void {
  const aside = request[head];
  if (aside === undefined) request.url = url;
  else request[head] = { ...aside, url };
}
