import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';
import * as z from 'zod';
import { registry } from '../../../functions/registry.ts';
import { httpFunction } from '../../../shared/platform/definition.ts';
import { publicOperation } from '../../../shared/platform/operation.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const mark = 'correct-horse-battery';

/** Fails in a way that no handler should. */
const broken = httpFunction('broken', {
  POST: publicOperation({
    summary: 'Throws',
    input: z.object({}),
    output: z.object({}),
    success: 200,
    handle: async () => {
      throw new TypeError(`cannot read ${mark}`);
    },
  }),
});

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack({ registry: [...registry, broken] });
});
afterAll(() => stack.stop());

const json = { 'content-type': 'application/json' };

async function send(path: string, init: RequestInit) {
  const answer = await fetch(`${stack.url}${path}`, init);
  const text = await answer.text();
  return { status: answer.status, type: answer.headers.get('content-type'), headers: answer.headers, text };
}

/** What a client that is no fetch may send. Reads until the server closes or the answer is whole. */
function sendRaw(text: string): Promise<string> {
  const { hostname, port } = new URL(stack.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      if (length !== undefined && body.length >= Number(length)) socket.end();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('every failure is a problem document', () => {
  it.each([
    [
      'malformed JSON',
      '/login-salts',
      { method: 'POST', headers: json, body: `{"email":"${mark}` },
      400,
      'MALFORMED_JSON',
    ],
    ['a bare JSON value', '/login-salts', { method: 'POST', headers: json, body: '5' }, 400, 'INVALID_INPUT'],
    [
      'another type',
      '/login-salts',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: mark },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a vendor type',
      '/login-salts',
      { method: 'POST', headers: { 'content-type': 'application/vnd.x+json' }, body: '{}' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'an unknown charset',
      '/login-salts',
      { method: 'POST', headers: { 'content-type': 'application/json; charset=ebcdic' }, body: '{}' },
      400,
      'INVALID_INPUT',
    ],
    [
      'an unknown encoding',
      '/login-salts',
      { method: 'POST', headers: { ...json, 'content-encoding': 'rot13' }, body: '{}' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'broken gzip',
      '/login-salts',
      { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: mark },
      400,
      'BAD_ENCODING',
    ],
    [
      'a gzip bomb',
      '/login-salts',
      { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(20_000_000)) },
      413,
      'BODY_TOO_LARGE',
    ],
    [
      'too large a body',
      '/login-salts',
      { method: 'POST', headers: json, body: JSON.stringify({ email: 'x'.repeat(70_000) }) },
      413,
      'BODY_TOO_LARGE',
    ],
    ['a wrong method', '/login-salts', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
    [
      'a wrong method with a body',
      '/session-whoami',
      { method: 'PUT', headers: json, body: `{"x":"${mark}"` },
      405,
      'METHOD_NOT_ALLOWED',
    ],
    ['an unknown function', '/login-slats', { method: 'POST', headers: json, body: '{}' }, 404, 'FUNCTION_NOT_FOUND'],
    ['no session', '/session-whoami', {}, 401, 'UNAUTHENTICATED'],
    ['bad percent-encoding', '/login-salts/%zz%', { method: 'POST', headers: json, body: '{}' }, 400, 'INVALID_INPUT'],
    ['a favicon below a function', '/session-whoami/favicon.ico', {}, 401, 'UNAUTHENTICATED'],
    ['a thrown error', '/broken', { method: 'POST', headers: json, body: '{}' }, 500, 'INTERNAL'],
  ] as const)('%s', async (_what, path, init, status, code) => {
    const answer = await send(path, init);
    expect({ status: answer.status, type: answer.type }).toEqual({ status, type: 'application/problem+json' });
    const document = JSON.parse(answer.text);
    expect(document).toMatchObject({
      type: `urn:nightvault:problem:${code}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code,
    });
    expect(document.requestId).toBe(answer.headers.get('request-id'));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.text).not.toContain(mark);
    expect(answer.text).not.toMatch(/node_modules|\.ts:|\bat [A-Z]/);
  });

  it('a body that only claims to be large is refused before it comes', async () => {
    const head = [
      'POST /login-salts HTTP/1.1',
      'Host: x',
      'Content-Type: application/json',
      'Content-Length: 1073741824',
      '',
      '',
    ];
    const answer = await sendRaw(head.join('\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"BODY_TOO_LARGE"');
    expect(answer).toMatch(/connection: close/i);
  });

  it('what is no HTTP at all', async () => {
    const answer = await sendRaw('HELLO\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
  });
});

describe('a request that works', () => {
  it('may be gzipped on every function', async () => {
    const body = gzipSync(JSON.stringify({ email: 'jane@example.com' }));
    const answer = await send('/login-salts', {
      method: 'POST',
      headers: { ...json, 'content-encoding': 'gzip' },
      body,
    });
    expect({ status: answer.status, type: answer.type }).toEqual({ status: 200, type: 'application/json' });
  });

  it('may come in chunks', async () => {
    const body = '{"email":"jane@example.com"}';
    const chunks = [body.slice(0, 9), body.slice(9)]
      .map((part) => `${part.length.toString(16)}\r\n${part}\r\n`)
      .join('');
    const head =
      'POST /login-salts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';
    expect(await sendRaw(`${head}${chunks}0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('answers browsers of allowed origins', async () => {
    const preflight = await send('/login-salts', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('X-Session-Id');
  });
});

describe('the log', () => {
  it('holds the stack of a thrown error, and of no request the body', async () => {
    const written: string[] = [];
    const watch = (stream: NodeJS.WriteStream) =>
      jest.spyOn(stream, 'write').mockImplementation((chunk) => {
        written.push(String(chunk));
        return true;
      });
    const spies = [watch(process.stdout), watch(process.stderr)];
    const before = stack.logs.length;
    try {
      await send('/login-salts', { method: 'POST', headers: json, body: `{"passphrase":"${mark}` });
      await send('/login-salts', { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: mark });
      await send(`/login-salts?email=${mark}`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: mark,
      });
      await send('/broken', { method: 'POST', headers: json, body: '{}' });
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    const lines = stack.logs.slice(before);
    expect(lines).toHaveLength(4);
    const [thrown] = lines.filter(({ severity }) => severity === 'ERROR');
    expect(thrown).toMatchObject({ function: 'broken', error: 'TypeError', code: 'INTERNAL' });
    expect(String(thrown?.stack)).toContain('adapter.test.ts');
    // The message of a bug is for the log; it is the only place the mark may stand.
    const rest = [...written, ...lines.filter((line) => line !== thrown).map((line) => JSON.stringify(line))];
    expect(rest.join('\n')).not.toContain(mark);
  });
});
