import type * as z from 'zod';
import { type Received, type Reply, startSmallServer } from '../unit/client/small-server.ts';

export interface HostileProxy {
  readonly url: string;
  /** Names of the functions called since the last `honest`, in their order. */
  calls(): string[];
  /** Those of one function. */
  callsOf(name: string): readonly Received[];
  /** Everything that clients have sent, as one text. */
  everythingSent(): string;
  /** From now on the successes of this function are answered with what is made of them. */
  lie<Out extends z.ZodType>(
    name: string,
    wire: { readonly output: Out },
    lie: (truth: z.output<Out>, request: Received) => unknown,
  ): void;
  /** The same for a function that answers with bytes. */
  spoil(name: string, spoil: (bytes: Uint8Array) => Uint8Array): void;
  /** The next so many calls of this function take effect, and get no answer. */
  cutOff(name: string, times: number): void;
  /** Something that happens before each call of this function reaches the server, or before its answer the client. */
  before(name: string, happening: () => Promise<void>): void;
  after(name: string, happening: () => Promise<void>): void;
  /** The next answers of this function break off after so many bytes, each. */
  breakOff(name: string, after: readonly number[]): void;
  /** From now on requests go on without these headers. */
  withhold(...headers: readonly string[]): void;
  /** From now on all answers are those of the server. */
  honest(): void;
  stop(): Promise<void>;
}

type Change = (bytes: Uint8Array, request: Received) => unknown;

/** Between a client and a real server: it changes answers as it is told, as whoever runs the server could. */
export async function startHostileProxy(target: string): Promise<HostileProxy> {
  const changes = new Map<string, Change>();
  const lost: string[] = [];
  const broken = new Map<string, number[]>();
  const withheld = new Set<string>();
  const happenings = new Map<string, () => Promise<void>>();
  let since = 0;
  const nameOf = ({ url }: Received) => new URL(url, target).pathname.slice(1);
  const server = await startSmallServer(async (request): Promise<Reply | 'hang up'> => {
    const { method, url, headers, body } = request;
    const { host: _host, connection: _connection, 'content-length': _length, ...others } = headers;
    const rest = Object.fromEntries(Object.entries(others).filter(([header]) => !withheld.has(header)));
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    await happenings.get(`before ${nameOf(request)}`)?.();
    const response = await fetch(`${target}${url}`, { method, headers: rest, ...sent });
    const { status, ok } = response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    await happenings.get(`after ${nameOf(request)}`)?.();
    const losing = lost.indexOf(nameOf(request));
    if (losing !== -1) {
      lost.splice(losing, 1);
      return 'hang up';
    }
    const change = ok ? changes.get(nameOf(request)) : undefined;
    const type = { 'content-type': response.headers.get('content-type') ?? '' };
    const breakAfter = broken.get(nameOf(request))?.shift();
    return { status, headers: type, body: change === undefined ? bytes : change(bytes, request), breakAfter };
  });
  return {
    url: server.url,
    calls: () => server.received.slice(since).map(nameOf),
    callsOf: (name) => server.received.slice(since).filter((request) => nameOf(request) === name),
    everythingSent: () => JSON.stringify(server.received),
    lie: (name, { output }, lie) => {
      changes.set(name, (bytes, request) => lie(output.parse(JSON.parse(new TextDecoder().decode(bytes))), request));
    },
    spoil: (name, spoil) => void changes.set(name, spoil),
    cutOff: (name, times) => void lost.push(...Array.from({ length: times }, () => name)),
    before: (name, happening) => void happenings.set(`before ${name}`, happening),
    after: (name, happening) => void happenings.set(`after ${name}`, happening),
    breakOff: (name, after) => void broken.set(name, [...after]),
    withhold: (...names) => {
      for (const name of names) withheld.add(name);
    },
    honest: () => {
      lost.length = 0;
      broken.clear();
      withheld.clear();
      happenings.clear();
      changes.clear();
      since = server.received.length;
    },
    stop: server.stop,
  };
}
