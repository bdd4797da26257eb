import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, undefined when there was no body. */
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string or bytes as they are. */
  readonly body?: unknown;
  /** Bytes of the body after which the connection closes. */
  readonly breakAfter?: number | undefined;
}

/** Answers each request in its turn; `hang up` closes the connection without an answer. */
export type Answering = (request: Received, index: number) => Reply | 'hang up' | Promise<Reply | 'hang up'>;

export interface SmallServer {
  readonly url: string;
  readonly received: readonly Received[];
  stop(): Promise<void>;
}

/**
 * One request a connection, on bare sockets: our own adapter, once another test has loaded it into this process, puts
 * aside the heads of all requests that come through node:http.
 */
export async function startSmallServer(answer: Answering): Promise<SmallServer> {
  const received: Received[] = [];
  const server = createServer(async (socket) => {
    // A client may go before it has read everything.
    socket.on('error', () => socket.destroy());
    const request = await readRequest(socket);
    const reply = await answer(request, received.push(request) - 1);
    if (reply === 'hang up') socket.destroy();
    else socket.end(responseOf(reply));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    stop: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

async function readRequest(socket: Socket): Promise<Received> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n');
    if (end !== -1) {
      const [first = '', ...lines] = bytes.subarray(0, end).toString().split('\r\n');
      const [method = '', url = ''] = first.split(' ');
      const pairs = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.replace(/^.*?: */, '')]);
      const headers: Record<string, string> = Object.fromEntries(pairs);
      const body = bytes.subarray(end + 4);
      if (body.length === Number(headers['content-length'] ?? 0)) {
        return { method, url, headers, body: body.length === 0 ? undefined : JSON.parse(body.toString()) };
      }
    }
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    bytes = Buffer.concat([bytes, chunk]);
  }
}

function responseOf({ status = 200, headers, body, breakAfter }: Reply): Buffer {
  const bytes = body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(textOf(body));
  const length = status === 204 ? {} : { 'content-length': bytes.length };
  const all = { 'content-type': 'application/json', ...headers, ...length, connection: 'close' };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([
    Buffer.from([`HTTP/1.1 ${status} Status`, ...head, '', ''].join('\r\n')),
    bytes.subarray(0, breakAfter),
  ]);
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));

/** A problem document as an answer. */
export const problem = (status: number, code: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: {
    type: `urn:nightvault:problem:${code}`,
    title: 'T',
    status,
    detail: `because ${code}`,
    code,
    requestId: 'r-1',
  },
});
