import type * as z from 'zod';
import { AnswerUnreadable, CallFailed, readProblem, Unreachable } from './failures.ts';

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
}

/** Times one call is sent at most: the first time and the retries. */
const attempts = 4;
/** Milliseconds before the first retry where the server names no time; doubled at each further one. */
const firstWait = 250;
/** Milliseconds of waiting that a call is worth. Whoever is told to wait longer is told so by the failure. */
const longestWait = 20_000;
/** Milliseconds until an attempt without an answer counts as a network failure. */
const answerWithin = 60_000;

const busy = new Set([429, 503]);

/** How a client waits between two attempts, in milliseconds. */
export type Wait = (milliseconds: number) => Promise<void>;

const sleep: Wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A server's address, and the session to speak for once there is one. Immutable. */
export class Connection {
  readonly #base: string;
  readonly #wait: Wait;
  readonly #token: string | undefined;

  /**
   * @param base what stands before a function's name in its URL, with or without a slash at the end
   * @param wait how to wait before a retry
   * @param token session key K, 64 hex characters
   * @throws {TypeError} when the address is no URL
   */
  constructor(base: string, wait: Wait = sleep, token?: string) {
    this.#base = new URL(base).href.replace(/\/+$/, '');
    this.#wait = wait;
    this.#token = token;
  }

  /** The same server, called on behalf of a session. */
  as(token: string): Connection {
    return new Connection(this.#base, this.#wait, token);
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
    return this.#send({ method: 'GET', url: this.#url(name, query), headers: this.#headers() }, wire.output);
  }

  /**
   * Sends raw bytes to a function. As with `post`, all attempts carry one `Idempotency-Key`.
   * @throws {CallFailed} with the server's problem document
   * @throws {Unreachable} when no answer came, after retries
   * @throws {AnswerUnreadable} when what came is not the protocol's
   */
  async put<In extends z.ZodType, Out extends z.ZodType>(
    name: string,
    wire: Wire<In, Out>,
    query: z.input<In> & Readonly<Record<string, string>>,
    body: Uint8Array<ArrayBuffer>,
  ): Promise<z.output<Out>> {
    const headers = { ...this.#headers(), ...this.#once('application/octet-stream') };
    return this.#send({ method: 'PUT', url: this.#url(name, query), headers, body }, wire.output);
  }

  /**
   * Calls a function with a body. All attempts of one call carry one `Idempotency-Key`, so that a write whose answer
   * was lost happens once.
   * @throws {CallFailed} with the server's problem document
   * @throws {Unreachable} when no answer came, after retries
   * @throws {AnswerUnreadable} when what came is not the protocol's
   */
  async post<In extends z.ZodType, Out extends z.ZodType>(
    name: string,
    wire: Wire<In, Out>,
    body: z.input<In>,
  ): Promise<z.output<Out>> {
    const headers = { ...this.#headers(), ...this.#once('application/json') };
    const call = { method: 'POST', url: `${this.#base}/${name}`, headers, body: JSON.stringify(body) } as const;
    return this.#send(call, wire.output);
  }

  /**
   * Calls a function whose answer is as long as it is: it is not waited for, nor tried again.
   * @throws {CallFailed} with the server's problem document
   * @throws {Unreachable} when no answer came
   * @throws {AnswerUnreadable} when what came is not the protocol's
   */
  async stream(name: string): Promise<ReadableStream<Uint8Array>> {
    const url = this.#url(name, {});
    const response = await fetch(url, { headers: this.#headers() }).catch((cause) => {
      throw new Unreachable(new URL(url).origin, cause);
    });
    if (response.ok && response.body !== null) return response.body;
    const { failure } = refusal(url, response, await response.text());
    throw failure ?? new AnswerUnreadable(url, `status ${response.status}`);
  }

  #url(name: string, query: Readonly<Record<string, string>>): string {
    const search = new URLSearchParams(query).toString();
    return `${this.#base}/${name}${search === '' ? '' : `?${search}`}`;
  }

  #once(type: string): Record<string, string> {
    return { 'content-type': type, 'idempotency-key': crypto.randomUUID() };
  }

  #headers(): Record<string, string> {
    return {
      accept: 'application/json',
      ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
    };
  }

  async #send<Out extends z.ZodType>(call: Call, output: Out): Promise<z.output<Out>> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(call);
      if (outcome.failure === undefined) return readOutput(call.url, outcome.text, output);
      const wait = outcome.retryAfter ?? firstWait * 2 ** (attempt - 1) * (0.5 + Math.random());
      if (!outcome.again || attempt === attempts || wait > longestWait) throw outcome.failure;
      await this.#wait(wait);
    }
  }
}

/** The text of a success; or why there is none, whether another attempt may help, and when, if the server says. */
type Outcome =
  | { readonly text: string; readonly failure?: undefined }
  | { readonly failure: Error; readonly again: boolean; readonly retryAfter: number | undefined };

async function attemptOnce({ url, ...request }: Call): Promise<Outcome> {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(answerWithin) });
    const text = await response.text();
    return response.ok ? { text } : refusal(url, response, text);
  } catch (cause) {
    return { failure: new Unreachable(new URL(url).origin, cause), again: true, retryAfter: undefined };
  }
}

function refusal(url: string, { status, headers }: Response, text: string): Outcome {
  const problem = readProblem(text);
  const failure = problem === undefined ? new AnswerUnreadable(url, `status ${status}`) : new CallFailed(problem);
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

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
