import type * as z from 'zod';
import { parseJson } from '../shared/crypto/json.ts';
import { AnswerUnreadable, failureOf, readProblem, Unreachable } from './failures.ts';
import { untilSignal } from './until-signal.ts';

/** How one function is called: the schemas of `shared/protocol`. */
interface Wire<In extends z.ZodType, Out extends z.ZodType> {
  readonly input: In;
  readonly output: Out;
}

/** One call that may be sent more than once. */
interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Milliseconds until an attempt without an answer counts as a network failure. */
  readonly within: number;
}

/** Times one call is sent at most: the first time and the retries. */
const attempts = 4;
/** Milliseconds before the first retry where the server names no time; doubled at each further one. */
const firstWait = 250;
/** Milliseconds of waiting that a call is worth. Whoever is told to wait longer is told so by the failure. */
const longestWait = 20_000;
const answerWithin = 60_000;
/** The same for the bytes of an upload, which may have to go through a narrow line. */
const uploadWithin = 15 * 60_000;

/** No function answers with one: what it was for is not sent on to another place. */
const redirect = 'manual';

const busy = new Set([429, 503]);

/** An answer that comes piece by piece. */
export interface Streamed {
  readonly bytes: ReadableStream<Uint8Array>;
  /** Whether it is all there is, and not the range that was asked for. */
  readonly whole: boolean;
}

/** How a client waits between two attempts; nobody waits for it any more once the signal has come. */
export type Wait = (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;

const sleep: Wait = (milliseconds, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(end, milliseconds);
    function end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    }
    signal?.addEventListener('abort', end);
  });

/** A server's address, and the session to speak for once there is one. Immutable. */
export class Connection {
  /** Without a slash at the end. */
  readonly base: string;
  /** Session key K of the session it speaks for, 64 hex characters. Whoever has it is logged in. */
  readonly token: string | undefined;
  readonly #wait: Wait;
  readonly #signal: AbortSignal | undefined;

  /**
   * @param base what stands before a function's name in its URL, with or without a slash at the end
   * @param wait how to wait before a retry
   * @param token session key K, 64 hex characters
   * @param signal ends every call, and every wait before a retry, with its reason
   * @throws {TypeError} when the address is no URL of HTTP, or goes on behind the path
   */
  constructor(base: string, wait: Wait = sleep, token?: string, signal?: AbortSignal) {
    const { protocol, search, hash, href } = new URL(base);
    if (!/^https?:$/.test(protocol) || search !== '' || hash !== '') {
      throw new TypeError(`${base} is no address of a server: https://HOST, with a path if there is one.`);
    }
    this.base = href.replace(/\/+$/, '');
    this.token = token;
    this.#wait = wait;
    this.#signal = signal;
  }

  /** The same server, called on behalf of a session. */
  as(token: string): Connection {
    return new Connection(this.base, this.#wait, token, this.#signal);
  }

  /** The same, until this signal and no other: then its calls are given up, and fail with the signal's reason. */
  until(signal: AbortSignal | undefined): Connection {
    return new Connection(this.base, this.#wait, this.token, signal);
  }

  /**
   * Calls a function that only reads.
   * @throws {CallFailed} with the server's problem document
   * @throws {Unreachable} when no answer came, after retries
   * @throws {AnswerUnreadable} when what came is not the protocol's
   */
  async get<In extends z.ZodType, Out extends z.ZodType>(
    name: string,
    wire: Wire<In, Out>,
    query: z.input<In> & Readonly<Record<string, string>>,
  ): Promise<z.output<Out>> {
    const call = {
      method: 'GET',
      url: this.#url(name, query),
      headers: this.#headers(),
      within: answerWithin,
    } as const;
    return this.#send(call, wire.output);
  }

  /**
   * Sends raw bytes to a function. As with `post`, all attempts carry one `Idempotency-Key`.
   * @throws {CallFailed} with the server's problem document
   * @throws {Unreachable} when no answer came, after retries
   * @throws {AnswerUnreadable} when what came is not the protocol's
   */
  async upload<In extends z.ZodType, Out extends z.ZodType>(
    name: string,
    wire: Wire<In, Out>,
    query: z.input<In> & Readonly<Record<string, string>>,
    body: Uint8Array<ArrayBuffer>,
  ): Promise<z.output<Out>> {
    const headers = { ...this.#headers(), ...once('application/octet-stream', crypto.randomUUID()) };
    const call = { method: 'PUT', url: this.#url(name, query), headers, body, within: uploadWithin } as const;
    return this.#send(call, wire.output);
  }

  /**
   * Calls a function with a body. All attempts of one call carry one `Idempotency-Key`, so that a write whose answer
   * was lost happens once.
   * @param idempotencyKey of the operation that this call goes on with: with the same body it takes effect once in a day
   * @throws {CallFailed} with the server's problem document
   * @throws {Unreachable} when no answer came, after retries
   * @throws {AnswerUnreadable} when what came is not the protocol's
   */
  async post<In extends z.ZodType, Out extends z.ZodType>(
    name: string,
    wire: Wire<In, Out>,
    body: z.input<In>,
    idempotencyKey: string = crypto.randomUUID(),
  ): Promise<z.output<Out>> {
    return this.#sendJson('POST', name, wire, body, idempotencyKey);
  }

  /** As `post`, for what replaces something. */
  async put<In extends z.ZodType, Out extends z.ZodType>(
    name: string,
    wire: Wire<In, Out>,
    body: z.input<In>,
  ): Promise<z.output<Out>> {
    return this.#sendJson('PUT', name, wire, body, crypto.randomUUID());
  }

  /**
   * Calls a function whose answer is as long as it is: only its beginning is waited for, and tried again.
   * @param headers besides those of every call
   * @throws {CallFailed} with the server's problem document
   * @throws {Unreachable} when no answer came, after retries
   * @throws {AnswerUnreadable} when what came is not the protocol's
   */
  async stream(
    name: string,
    query: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Streamed> {
    const url = this.#url(name, query);
    const all = { ...this.#headers(), ...headers };
    return this.#repeat(async () => {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(new DOMException('No answer in time.', 'TimeoutError')), answerWithin);
      try {
        const response = await fetch(url, { headers: all, signal: this.#before(late.signal), redirect });
        const { ok, body, status } = response;
        if (ok && body !== null) return { answer: { bytes: body, whole: status !== 206 } };
        return refusal(url, response, await response.text());
      } finally {
        clearTimeout(timer);
      }
    }, url);
  }

  #sendJson<In extends z.ZodType, Out extends z.ZodType>(
    method: 'POST' | 'PUT',
    name: string,
    { output }: Wire<In, Out>,
    input: z.input<In>,
    idempotencyKey: string,
  ): Promise<z.output<Out>> {
    const headers = { ...this.#headers(), ...once('application/json', idempotencyKey) };
    const call = { method, url: this.#url(name, {}), headers, body: JSON.stringify(input), within: answerWithin };
    return this.#send(call, output);
  }

  #url(name: string, query: Readonly<Record<string, string>>): string {
    const search = new URLSearchParams(query).toString();
    return `${this.base}/${name}${search === '' ? '' : `?${search}`}`;
  }

  #headers(): Record<string, string> {
    return {
      accept: 'application/json',
      ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
    };
  }

  async #send<Out extends z.ZodType>({ url, within, ...request }: Call, output: Out): Promise<z.output<Out>> {
    const text = await this.#repeat(async () => {
      const response = await fetch(url, { ...request, signal: this.#before(AbortSignal.timeout(within)), redirect });
      const received = await response.text();
      return response.ok ? { answer: received } : refusal(url, response, received);
    }, url);
    return readOutput(url, text, output);
  }

  #before(late: AbortSignal): AbortSignal {
    return this.#signal === undefined ? late : AbortSignal.any([late, this.#signal]);
  }

  async #repeat<Answer>(attempt: () => Promise<Outcome<Answer>>, url: string): Promise<Answer> {
    for (let time = 1; ; time++) {
      this.#signal?.throwIfAborted();
      const outcome = await attempt().catch((cause): Refusal => {
        this.#signal?.throwIfAborted();
        return { failure: new Unreachable(new URL(url).origin, cause), again: true, retryAfter: undefined };
      });
      if (outcome.failure === undefined) return outcome.answer;
      const wait = outcome.retryAfter ?? firstWait * 2 ** (time - 1) * (0.5 + Math.random());
      if (!outcome.again || time === attempts || wait > longestWait) throw outcome.failure;
      await untilSignal(this.#wait(wait, this.#signal), this.#signal);
    }
  }
}

/** Why there is no answer, whether another attempt may help, and when, if the server says. */
interface Refusal {
  readonly failure: Error;
  readonly again: boolean;
  readonly retryAfter: number | undefined;
}

type Outcome<Answer> = Refusal | { readonly answer: Answer; readonly failure?: undefined };

const once = (type: string, key: string) => ({ 'content-type': type, 'idempotency-key': key });

function refusal(url: string, { status, headers }: Response, text: string): Refusal {
  const problem = readProblem(text);
  const failure = problem === undefined ? new AnswerUnreadable(url, `status ${status}`) : failureOf(problem);
  const again = busy.has(status) || problem?.code === 'IDEMPOTENCY_IN_PROGRESS';
  const seconds = /^\d+$/.exec(headers.get('retry-after') ?? '')?.[0];
  return { failure, again, retryAfter: seconds === undefined ? undefined : Number(seconds) * 1000 };
}

function readOutput<Out extends z.ZodType>(url: string, text: string, output: Out): z.output<Out> {
  const result = output.safeParse(parseJson(text));
  if (result.success) return result.data;
  const { path = [], message = '' } = result.error.issues[0] ?? {};
  throw new AnswerUnreadable(url, `/${path.join('/')}: ${message}`);
}
