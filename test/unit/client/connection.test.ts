import { jest } from '@jest/globals';
import * as z from 'zod';
import { Connection } from '../../../client/connection.ts';
import { AnswerUnreadable, CallFailed, ProblemUnknown, Unreachable } from '../../../client/failures.ts';
import { type Answering, problem, type SmallServer, startSmallServer } from './small-server.ts';

const wire = { input: z.object({ name: z.string() }), output: z.object({ id: z.int() }) };

let server: SmallServer;
let waits: number[];
afterEach(() => server.stop());

async function connect(answer: Answering): Promise<Connection> {
  server = await startSmallServer(answer);
  waits = [];
  return new Connection(`${server.url}/`, async (milliseconds) => void waits.push(milliseconds));
}

const keys = () => server.received.map(({ headers }) => headers['idempotency-key']);

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error) => error,
  );
}

describe('a call', () => {
  it('posts JSON as itself and reads the answer through its schema', async () => {
    const connection = await connect(() => ({ body: { id: 7, more: true } }));
    expect(await connection.as('ab'.repeat(32)).post('thing-create', wire, { name: 'x' })).toEqual({ id: 7 });
    const [request] = server.received;
    expect(request).toMatchObject({ method: 'POST', url: '/thing-create', body: { name: 'x' } });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: `Bearer ${'ab'.repeat(32)}`,
    });
  });

  it('gets with a query, without a body, a token or an Idempotency-Key', async () => {
    const connection = await connect(() => ({ body: { id: 7 } }));
    await connection.get('thing-get', wire, { name: 'a&b' });
    const [request] = server.received;
    expect(request).toMatchObject({ method: 'GET', url: '/thing-get?name=a%26b', body: undefined });
    expect(request?.headers).not.toHaveProperty('idempotency-key');
    expect(request?.headers).not.toHaveProperty('authorization');
  });

  it('reads an answer without a body', async () => {
    const connection = await connect(() => ({ status: 204 }));
    expect(await connection.post('gone', { ...wire, output: z.undefined() }, { name: 'x' })).toBeUndefined();
  });
});

describe('a retry', () => {
  it('keeps the Idempotency-Key over 429, 503 and a lost connection, and waits as long as it is told', async () => {
    const replies = [
      problem(429, 'RATE_LIMITED', { 'retry-after': '2' }),
      'hang up',
      problem(503, 'UNAVAILABLE', { 'retry-after': '1' }),
      { body: { id: 1 } },
    ] as const;
    const connection = await connect((_request, index) => replies[index] ?? 'hang up');
    expect(await connection.post('thing-create', wire, { name: 'x' })).toEqual({ id: 1 });
    expect(new Set(keys()).size).toBe(1);
    expect(keys()[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(server.received).toHaveLength(4);
    expect(waits).toEqual([2000, expect.any(Number), 1000]);
    expect(waits[1]).toBeGreaterThanOrEqual(250);
    expect(waits[1]).toBeLessThanOrEqual(750);
  });

  it('has a key of its own for every call', async () => {
    const connection = await connect(() => ({ body: { id: 1 } }));
    await connection.post('thing-create', wire, { name: 'x' });
    await connection.post('thing-create', wire, { name: 'x' });
    expect(new Set(keys()).size).toBe(2);
  });

  it('follows a first call that is still running', async () => {
    const connection = await connect((_request, index) =>
      index === 0 ? problem(409, 'IDEMPOTENCY_IN_PROGRESS', { 'retry-after': '1' }) : { body: { id: 1 } },
    );
    expect(await connection.post('thing-create', wire, { name: 'x' })).toEqual({ id: 1 });
    expect(waits).toEqual([1000]);
  });

  it('is not made when the server asks for more patience than a call is worth', async () => {
    const connection = await connect(() => problem(429, 'RATE_LIMITED', { 'retry-after': '900' }));
    expect(await failureOf(connection.post('thing-create', wire, { name: 'x' }))).toMatchObject({
      code: 'RATE_LIMITED',
    });
    expect(waits).toEqual([]);
  });

  it.each([
    [400, 'INVALID_INPUT'],
    [409, 'KEY_EPOCH_STALE'],
    [500, 'INTERNAL'],
  ])('is not made after %i %s', async (status, code) => {
    const connection = await connect(() => problem(status, code));
    expect(await failureOf(connection.post('thing-create', wire, { name: 'x' }))).toBeInstanceOf(CallFailed);
    expect(server.received).toHaveLength(1);
  });

  it('ends after four attempts', async () => {
    const connection = await connect(() => 'hang up');
    const failure = await failureOf(connection.post('thing-create', wire, { name: 'x' }));
    expect(failure).toBeInstanceOf(Unreachable);
    expect(failure).toMatchObject({ code: 'UNREACHABLE', message: `No answer from ${server.url}.` });
    expect(server.received).toHaveLength(4);
    expect(new Set(keys()).size).toBe(1);
  });
});

describe('a signal', () => {
  const reason = new Error('the lid was closed');

  it('ends a call that waits for its answer, with its reason and without another attempt', async () => {
    const stop = new AbortController();
    const connection = await connect(async () => {
      stop.abort(reason);
      return new Promise(() => {});
    });
    await expect(connection.until(stop.signal).post('thing-create', wire, { name: 'x' })).rejects.toBe(reason);
    expect(server.received).toHaveLength(1);
  });

  it('ends the wait before another attempt', async () => {
    const stop = new AbortController();
    server = await startSmallServer(() => problem(503, 'UNAVAILABLE', { 'retry-after': '9' }));
    const connection = new Connection(server.url, () => {
      queueMicrotask(() => stop.abort(reason));
      return new Promise(() => {});
    });
    await expect(connection.until(stop.signal).get('thing-get', wire, { name: 'x' })).rejects.toBe(reason);
    expect(server.received).toHaveLength(1);
  });

  it('that was given before sends nothing, and goes with a session too', async () => {
    const connection = (await connect(() => ({ body: { id: 1 } })))
      .until(AbortSignal.abort(reason))
      .as('ab'.repeat(32));
    await expect(connection.post('thing-create', wire, { name: 'x' })).rejects.toBe(reason);
    await expect(connection.stream('thing-get')).rejects.toBe(reason);
    expect(server.received).toEqual([]);
  });

  it('that never comes changes nothing', async () => {
    const connection = (await connect(() => ({ body: { id: 1 } }))).until(new AbortController().signal);
    expect(await connection.post('thing-create', wire, { name: 'x' })).toEqual({ id: 1 });
  });
});

describe('time', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick', 'setImmediate'] }));
  afterEach(() => void jest.useRealTimers());

  it('given to the beginning of a long answer is a minute, and then another attempt is made', async () => {
    const connection = await connect((_request, index) => {
      if (index > 0) return { body: 'late' };
      setImmediate(() => jest.advanceTimersByTime(60_000));
      return new Promise(() => {});
    });
    const { bytes } = await connection.stream('thing-get');
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(60_000);
    expect(await new Response(bytes).text()).toBe('late');
    expect(server.received).toHaveLength(2);
  });

  it('between two attempts is waited for no longer than a signal lets it', async () => {
    const stop = new AbortController();
    server = await startSmallServer(() => problem(503, 'UNAVAILABLE', { 'retry-after': '9' }));
    const call = new Connection(server.url).until(stop.signal).get('thing-get', wire, { name: 'x' });
    while (jest.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('the lid was closed'));
    await expect(call).rejects.toThrow('the lid was closed');
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('an operation', () => {
  it('that goes on with an earlier one keeps its Idempotency-Key', async () => {
    const connection = await connect(() => ({ body: { id: 1 } }));
    await connection.post('thing-create', wire, { name: 'x' }, 'the-same');
    await connection.post('thing-create', wire, { name: 'x' }, 'the-same');
    expect(keys()).toEqual(['the-same', 'the-same']);
  });

  it('is not carried elsewhere by a redirect', async () => {
    const connection = await connect(() => ({ status: 307, headers: { location: '/elsewhere' } }));
    const failure = await failureOf(connection.as('ab'.repeat(32)).post('thing-create', wire, { name: 'x' }));
    expect(failure).toBeInstanceOf(AnswerUnreadable);
    expect(server.received.map(({ url }) => url)).toEqual(['/thing-create']);
  });

  it('replaces something by PUT, in JSON', async () => {
    const connection = await connect(() => ({ body: { id: 1 } }));
    expect(await connection.put('thing', wire, { name: 'x' })).toEqual({ id: 1 });
    expect(server.received[0]).toMatchObject({ method: 'PUT', url: '/thing', body: { name: 'x' } });
    expect(keys()[0]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a failure', () => {
  it('carries the problem document, with the fields that are wrong', async () => {
    const reply = problem(400, 'INVALID_INPUT');
    const errors = [{ path: '/name', message: 'must be short' }];
    const connection = await connect(() => ({ ...reply, body: { ...Object(reply.body), errors, limit: 3 } }));
    const failure = await failureOf(connection.post('thing-create', wire, { name: 'x' }));
    expect(failure).toMatchObject({ code: 'INVALID_INPUT', message: 'because INVALID_INPUT', errors });
    expect(failure).toMatchObject({ problem: { status: 400, requestId: 'r-1', limit: 3 } });
  });

  it('keeps a code that only a newer server knows', async () => {
    const connection = await connect(() => problem(418, 'TEAPOT'));
    const failure = await failureOf(connection.post('thing-create', wire, { name: 'x' }));
    expect(failure).toBeInstanceOf(ProblemUnknown);
    expect(failure).toMatchObject({
      code: 'PROBLEM_UNKNOWN',
      message: 'because TEAPOT',
      problem: { code: 'TEAPOT', status: 418 },
    });
  });

  it('says so when something else than Nightvault answers', async () => {
    const connection = await connect(() => ({ status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>' }));
    const failure = await failureOf(connection.post('thing-create', wire, { name: 'x' }));
    expect(failure).toBeInstanceOf(AnswerUnreadable);
    expect(failure).toMatchObject({ message: expect.stringContaining('status 502') });
  });

  it.each([{ id: 'secret-value' }, 'not json: secret-value', undefined])(
    'does not quote a strange answer',
    async (body) => {
      const connection = await connect(() => ({ body }));
      const failure = await failureOf(connection.get('thing-get', wire, { name: 'secret-name' }));
      expect(failure).toBeInstanceOf(AnswerUnreadable);
      expect(failure).toMatchObject({ code: 'ANSWER_UNREADABLE', message: expect.not.stringContaining('secret') });
    },
  );
});
