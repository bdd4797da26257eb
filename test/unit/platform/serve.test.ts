import * as z from 'zod';
import type { Platform } from '../../../shared/platform/context.ts';
import { httpFunction, topicFunction } from '../../../shared/platform/definition.ts';
import type { HttpRequest } from '../../../shared/platform/http/message.ts';
import type { LogFields, Severity } from '../../../shared/platform/log.ts';
import { publicOperation, sessionOperation, writeKeyOperation } from '../../../shared/platform/operation.ts';
import { serve } from '../../../shared/platform/serve.ts';
import { defaults } from '../../../shared/platform/settings.ts';
import { turns } from '../../../shared/platform/turns.ts';
import { Problem } from '../../../shared/protocol/problems.ts';
import { CommitConflict, StoreUnavailable } from '../../../shared/store/database.ts';

const failures: Readonly<Record<string, () => unknown>> = {
  bug: () => new TypeError('secret passphrase in a message'),
  conflict: () => new CommitConflict(),
  store: () => new StoreUnavailable(new Error('down')),
  problem: () =>
    new Problem('ACCOUNT_NOT_FOUND', 'No verified account has this address.', { email: 'jane@example.com' }),
  text: () => 'thrown text',
};

const echo = httpFunction('echo', {
  GET: publicOperation({
    summary: 'Says it back',
    input: z.object({ word: z.string().optional() }),
    output: z.object({ word: z.string() }),
    success: 200,
    handle: async ({ word }) => ({ word: word ?? 'none' }),
  }),
  POST: publicOperation({
    summary: 'Fails as told',
    input: z.object({
      fail: z.string().optional(),
      n: z.int().optional(),
      deep: z.object({ list: z.array(z.int()) }).optional(),
    }),
    output: z.object({ done: z.boolean() }),
    success: 201,
    handle: async ({ fail }) => {
      const failure = fail === undefined ? undefined : failures[fail];
      if (failure) throw failure();
      return { done: true };
    },
  }),
});

const closed = httpFunction('closed', {
  GET: sessionOperation({
    summary: '',
    input: z.object({}),
    output: z.undefined(),
    success: 204,
    handle: async () => undefined,
  }),
});

function fixture() {
  const lines: { severity: Severity; message: string; fields: LogFields }[] = [];
  const untouched = () => {
    throw new Error('the store must not be asked');
  };
  const platform: Platform = {
    settings: {
      projectId: 'p',
      databaseId: 'd',
      baseUrl: '',
      mailFrom: '',
      corsOrigins: ['https://app.example.com'],
      trustedHops: 1,
      ...defaults,
    },
    database: { get: untouched, list: untouched, count: untouched, sum: untouched, commit: untouched },
    clock: { now: () => 1_000 },
    pages: untouched,
    random: (bytes) => new Uint8Array(bytes),
    sealer: {
      seal: untouched,
      open: untouched,
      sign: untouched,
      verify: untouched,
      derive: untouched,
      hash: untouched,
    },
    publisher: { publish: untouched, publishAll: untouched },
    writeKeys: { accepts: async (key) => key === 'right' },
    mailer: { send: untouched },
    turns: turns(),
    log: { write: (severity, message, fields = {}) => lines.push({ severity, message, fields }) },
  };
  return { platform, lines };
}

function request(
  method: string,
  body = '',
  headers: Record<string, string> = { 'content-type': 'application/json' },
): HttpRequest {
  async function* bytes() {
    if (body) yield new TextEncoder().encode(body);
  }
  return {
    method,
    path: '/',
    query: new URLSearchParams('word=hi&unknown=1'),
    headers,
    address: '192.0.2.1',
    body: bytes(),
  };
}

const post = (input: object) => request('POST', JSON.stringify(input));

const below = httpFunction(
  'below',
  {},
  {
    paths: {
      '/v1/deep': {
        POST: writeKeyOperation({
          summary: '',
          input: z.object({}),
          output: z.object({ deep: z.literal(true) }),
          success: 200,
          bodyBytes: 10,
          tooLarge: 'EVENTS_TOO_LARGE',
          handle: async () => ({ deep: true as const }),
        }),
      },
    },
  },
);

describe('a function with paths below its name', () => {
  const json = { 'content-type': 'application/json', authorization: `Basic ${btoa('right:')}` };
  const call = (path: string, headers: Record<string, string> = json, body = '{}') =>
    serve(below, { ...request('POST', body, headers), path }, fixture().platform);

  it.each(['/v1/deep', '/v1/deep/', '/below/v1/deep'])('answers at %s', async (path) => {
    expect(await call(path)).toMatchObject({ status: 200, body: '{"deep":true}' });
  });

  it.each(['/', '/v1', '/v1/deep/er', '/below', '/other/v1/deep', '/toString'])('has nothing at %s', async (path) => {
    const { status, body = '' } = await call(path);
    expect({ status, body: JSON.parse(body) }).toMatchObject({
      status: 404,
      body: { code: 'FUNCTION_NOT_FOUND', detail: 'There is nothing at this path of the function below.' },
    });
  });

  it('asks for the write key before it looks at fields, and answers too large a body as it is told to', async () => {
    const { status, headers, body = '' } = await call('/v1/deep', { 'content-type': 'application/json' }, '{"b":1}');
    expect({ status, code: JSON.parse(body).code }).toEqual({ status: 401, code: 'WRITE_KEY_INVALID' });
    expect(headers['www-authenticate']).toBe('Basic realm="analytics"');
    const large = await call('/v1/deep', json, '{"a":"12345678"}');
    expect(JSON.parse(large.body ?? '')).toMatchObject({ status: 400, code: 'EVENTS_TOO_LARGE', limit: 10 });
  });
});

describe('serve', () => {
  it('answers a success as exactly application/json', async () => {
    const { status, headers, body } = await serve(echo, request('GET'), fixture().platform);
    expect({ status, body }).toEqual({ status: 200, body: '{"word":"hi"}' });
    expect(headers['content-type']).toBe('application/json');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect((await serve(echo, post({}), fixture().platform)).status).toBe(201);
  });

  it('keeps a sensible Request-Id and replaces any other', async () => {
    const { platform } = fixture();
    const kept = await serve(echo, request('GET', '', { 'request-id': 'client_0001' }), platform);
    expect(kept.headers['request-id']).toBe('client_0001');
    const replaced = await serve(echo, request('GET', '', { 'request-id': 'x\ny injected' }), platform);
    expect(replaced.headers['request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names every wrong field by its JSON pointer', async () => {
    const { status, headers, body } = await serve(
      echo,
      post({ n: 'x', deep: { list: [1, 'two'] } }),
      fixture().platform,
    );
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(body ?? '')).toMatchObject({
      type: 'urn:nightvault:problem:INVALID_INPUT',
      title: 'A field is missing or wrong',
      status: 400,
      code: 'INVALID_INPUT',
      requestId: headers['request-id'],
      errors: [{ path: '/n' }, { path: '/deep/list/1' }],
    });
  });

  it('answers a thrown bug without its message, and logs it with its stack', async () => {
    const { platform, lines } = fixture();
    const { status, body } = await serve(echo, post({ fail: 'bug' }), platform);
    expect(status).toBe(500);
    expect(body).not.toContain('secret');
    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'INTERNAL' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      severity: 'ERROR',
      fields: { error: 'TypeError', status: 500, code: 'INTERNAL' },
    });
    expect(String(lines[0]?.fields.stack)).toContain('serve.test.ts');
  });

  it.each([
    ['problem', 404, 'ACCOUNT_NOT_FOUND', undefined],
    ['conflict', 503, 'UNAVAILABLE', '1'],
    ['store', 503, 'UNAVAILABLE', '5'],
    ['text', 500, 'INTERNAL', undefined],
  ])('turns a thrown %s into %i %s', async (fail, status, code, retryAfter) => {
    const answer = await serve(echo, post({ fail }), fixture().platform);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ code, status });
    expect(answer.headers['retry-after']).toBe(retryAfter);
  });

  it('passes on the members of a problem', async () => {
    const { body } = await serve(echo, post({ fail: 'problem' }), fixture().platform);
    expect(JSON.parse(body ?? '')).toMatchObject({ email: 'jane@example.com' });
  });

  it('refuses other methods and says which are right', async () => {
    const { status, headers, body } = await serve(echo, request('DELETE'), fixture().platform);
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET, POST' });
    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'METHOD_NOT_ALLOWED', allowed: ['GET', 'POST'] });
  });

  it('answers a preflight', async () => {
    const { status, headers, body } = await serve(
      echo,
      request('OPTIONS', '', { origin: 'https://app.example.com' }),
      fixture().platform,
    );
    expect({ status, body }).toEqual({ status: 204, body: undefined });
    expect(headers['access-control-allow-methods']).toBe('GET, POST');
    expect(headers['access-control-allow-origin']).toBe('https://app.example.com');
  });

  it.each([
    [{}, 'This call carries no session token.'],
    [{ authorization: 'Bearer ABC' }, 'The session token must be 64 lower-case hex characters.'],
    [{ authorization: 'Basic abc' }, 'This call carries no session token.'],
  ])('asks for a session, without a look into the store, given %j', async (headers, detail) => {
    const answer = await serve(closed, request('GET', '', headers), fixture().platform);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'UNAUTHENTICATED', detail });
  });

  it('links the log line to the trace of the platform', async () => {
    const { platform, lines } = fixture();
    await serve(echo, request('GET', '', { 'x-cloud-trace-context': `${'a'.repeat(32)}/1;o=1` }), platform);
    expect(lines[0]?.fields.trace).toBe(`projects/p/traces/${'a'.repeat(32)}`);
  });
});

describe('serve, for a Pub/Sub push', () => {
  const received: unknown[] = [];
  const note = topicFunction('note', {
    topic: 'notes',
    summary: '',
    message: z.object({ n: z.int() }),
    receive: async (message) => {
      if (message.n === 0) throw new Error('not now');
      received.push(message);
    },
  });
  const push = (data: string) =>
    request(
      'POST',
      JSON.stringify({ subscription: 's', message: { messageId: '1', data: Buffer.from(data).toString('base64') } }),
    );

  it('takes a message that fits, with 204', async () => {
    expect((await serve(note, push('{"n":1}'), fixture().platform)).status).toBe(204);
    expect(received).toEqual([{ n: 1 }]);
  });

  it('refuses one that does not, so that it ends in the dead-letter topic', async () => {
    for (const poison of ['{"n":"x"}', 'no json', '']) {
      const { status, body } = await serve(note, push(poison), fixture().platform);
      expect({ status, code: JSON.parse(body ?? '').code }).toEqual({ status: 400, code: 'INVALID_INPUT' });
    }
    expect((await serve(note, post({}), fixture().platform)).status).toBe(400);
  });

  it('asks for another delivery when the handler throws', async () => {
    expect((await serve(note, push('{"n":0}'), fixture().platform)).status).toBe(500);
  });
});
