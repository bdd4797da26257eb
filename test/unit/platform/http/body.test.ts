import { gzipSync } from 'node:zlib';
import { readBody } from '../../../../shared/platform/http/body.ts';

async function* chunks(...parts: readonly (string | Uint8Array)[]) {
  for (const part of parts) yield typeof part === 'string' ? new TextEncoder().encode(part) : part;
}

const request = (
  body: AsyncIterable<Uint8Array>,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) => ({
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers,
  address: '127.0.0.1',
  body,
});

const rules = { bytes: 1000, form: false };
const json = { 'content-type': 'application/json' };
const gzip = { ...json, 'content-encoding': 'gzip' };

describe('readBody', () => {
  it('reads JSON that arrives in pieces, cut inside a character', async () => {
    const bytes = new TextEncoder().encode('{"name":"ü ☃"}');
    await expect(readBody(request(chunks(bytes.subarray(0, 10), bytes.subarray(10))), rules)).resolves.toEqual({
      name: 'ü ☃',
    });
  });

  it('takes a charset parameter and an absent body', async () => {
    const typed = request(chunks('{"a":1}'), { 'content-type': 'Application/JSON; charset=utf-8' });
    await expect(readBody(typed, rules)).resolves.toEqual({ a: 1 });
    await expect(readBody(request(chunks(), {}), rules)).resolves.toEqual({});
  });

  it('takes a body that breaks off for its sender’s failure, and any other for ours', async () => {
    async function* broken(code: string) {
      yield new TextEncoder().encode('{"a":');
      throw Object.assign(new Error('aborted'), { code });
    }
    await expect(readBody(request(broken('ECONNRESET')), rules)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'The body broke off before its end.',
      members: { errors: [{ path: '', message: 'must come whole' }] },
    });
    await expect(readBody(request(broken('EIO')), rules)).rejects.toMatchObject({ code: 'EIO', message: 'aborted' });
  });

  it('inflates gzip', async () => {
    await expect(readBody(request(chunks(gzipSync('{"a":1}')), gzip), rules)).resolves.toEqual({ a: 1 });
  });

  it('reads a form where forms are taken', async () => {
    const form = () => request(chunks('token=abc&x=1'), { 'content-type': 'application/x-www-form-urlencoded' });
    await expect(readBody(form(), { ...rules, form: true })).resolves.toEqual({ token: 'abc', x: '1' });
    await expect(readBody(form(), rules)).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  it.each([
    ['half an object', '{"a":', 'MALFORMED_JSON', 'The body is not well-formed JSON.'],
    ['no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'MALFORMED_JSON', 'The body is not valid UTF-8.'],
    ['a bare value', '5', 'INVALID_INPUT', 'The body must be a JSON object.'],
    ['an array', '[]', 'INVALID_INPUT', 'The body must be a JSON object.'],
    ['null', 'null', 'INVALID_INPUT', 'The body must be a JSON object.'],
  ])('refuses %s without quoting it', async (_what, body, code, message) => {
    await expect(readBody(request(chunks(body)), rules)).rejects.toMatchObject({ code, message });
  });

  it('refuses other types and encodings', async () => {
    await expect(readBody(request(chunks('a'), { 'content-type': 'text/plain' }), rules)).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
      message: 'The body must be application/json, not "text/plain".',
    });
    await expect(readBody(request(chunks('a'), { ...json, 'content-encoding': 'br' }), rules)).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
      message: 'The Content-Encoding must be gzip or identity, not "br".',
    });
  });

  it('refuses broken gzip', async () => {
    const whole = gzipSync('{"a":1}');
    for (const broken of [whole.subarray(0, -9), new TextEncoder().encode('not gzip')]) {
      await expect(readBody(request(chunks(broken), gzip), rules)).rejects.toMatchObject({
        code: 'BAD_ENCODING',
        message: 'The body is not a well-formed gzip stream.',
      });
    }
  });

  it('takes a body of exactly the limit and refuses one byte more, however it is announced or compressed', async () => {
    const exactly = JSON.stringify({ a: 'x'.repeat(rules.bytes - 8) });
    expect(exactly).toHaveLength(rules.bytes);
    await expect(readBody(request(chunks(exactly)), rules)).resolves.toBeDefined();
    await expect(readBody(request(chunks(gzipSync(exactly)), gzip), rules)).resolves.toBeDefined();

    const tooLarge = { code: 'BODY_TOO_LARGE', members: { limit: rules.bytes } };
    await expect(readBody(request(chunks(`${exactly} `)), rules)).rejects.toMatchObject(tooLarge);
    await expect(readBody(request(chunks(gzipSync(`${exactly} `)), gzip), rules)).rejects.toMatchObject(tooLarge);
    const announced = request(chunks(), { ...json, 'content-length': String(rules.bytes + 1) });
    await expect(readBody(announced, rules)).rejects.toMatchObject(tooLarge);
  });

  it('stops a gzip bomb at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 32));
    expect(bomb.length).toBeLessThan(60_000);
    await expect(readBody(request(chunks(bomb), gzip), { bytes: 100_000, form: false })).rejects.toMatchObject({
      code: 'BODY_TOO_LARGE',
    });
  });
});
