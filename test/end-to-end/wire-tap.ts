/** One call as it went over the wire. */
export interface Exchange {
  readonly method: string;
  /** The first path segment: a function's name. */
  readonly name: string;
  /** As sent by the client, before the tap changed anything. */
  readonly sent: string;
  /** The session token it carried. */
  readonly token: string | undefined;
  readonly status: number;
  readonly headers: Headers;
  readonly received: string;
}

/** Changes a request on its way. */
export type Rewrite = (headers: Headers, body: string | undefined) => Promise<RequestInit> | RequestInit;

export interface WireTap {
  readonly exchanges: readonly Exchange[];
  stop(): void;
}

/** From now on every `fetch` to this server is recorded, and rewritten if wanted. */
export function tapWire(base: string, rewrite?: Rewrite): WireTap {
  const untapped = globalThis.fetch;
  const exchanges: Exchange[] = [];
  const tapped: typeof fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== base) return untapped(input, init);
    const sent = typeof init.body === 'string' ? init.body : undefined;
    const headers = new Headers(init.headers);
    const response = await untapped(url, { ...init, ...(await rewrite?.(headers, sent)) });
    const received = await response.clone().text();
    const { method = 'GET' } = init;
    const name = url.pathname.slice(1);
    const token = new Headers(init.headers).get('authorization')?.replace('Bearer ', '');
    const answer = { status: response.status, headers: response.headers, received };
    exchanges.push({ method, name, sent: sent ?? '', token, ...answer });
    return response;
  };
  globalThis.fetch = tapped;
  return {
    exchanges,
    stop: () => {
      globalThis.fetch = untapped;
    },
  };
}

/** What every answer of every function has in common, the page of the mail apart. */
export function expectProperAnswers(exchanges: readonly Exchange[]): void {
  for (const { name, method, status, headers, received } of exchanges) {
    if (name.startsWith('_local') || (name === 'account-verify' && method === 'GET')) continue;
    const type = status < 300 ? 'application/json' : 'application/problem+json';
    expect(headers.get('content-type')).toBe(received === '' ? null : type);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
}
