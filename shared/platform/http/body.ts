import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Problem, type ProblemCode } from '../../protocol/problems.ts';
import { errorCode } from '../log.ts';
import type { HttpRequest } from './message.ts';

interface BodyRules {
  /** Most bytes, before and after decompression. */
  readonly bytes: number;
  /** What more is answered with; `BODY_TOO_LARGE` unless said. */
  readonly tooLarge?: ProblemCode | undefined;
  /** Whether an HTML form may be sent instead of JSON. */
  readonly form: boolean;
}

/**
 * The body as an object: JSON, or an HTML form's fields. An absent body is an empty object.
 * @throws Problem `UNSUPPORTED_MEDIA_TYPE`, `BODY_TOO_LARGE`, `BAD_ENCODING`, `MALFORMED_JSON` or `INVALID_INPUT`
 */
export async function readBody(
  request: HttpRequest,
  { bytes, tooLarge = 'BODY_TOO_LARGE', form }: BodyRules,
): Promise<object> {
  const limit = { bytes, tooLarge };
  const bodyBytes = await collect(decoded(request, limit), limit);
  if (bodyBytes.length === 0) return {};
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/json') return parseJson(utf8(bodyBytes));
  if (form && type === 'application/x-www-form-urlencoded')
    return Object.fromEntries(new URLSearchParams(utf8(bodyBytes)));
  throw new Problem(
    'UNSUPPORTED_MEDIA_TYPE',
    `The body must be application/json, not ${type ? `"${type.slice(0, 100)}"` : 'untyped'}.`,
  );
}

/**
 * The body as it is, piece by piece.
 * @throws Problem `BODY_TOO_LARGE`: at once where the request says its length, else when the limit is passed
 * @throws Problem `UNSUPPORTED_MEDIA_TYPE` when it is compressed
 */
export function rawBody({ headers, body }: HttpRequest, bytes: number): AsyncIterable<Uint8Array> {
  const limit = { bytes, tooLarge: 'BODY_TOO_LARGE' } as const;
  if (Number(headers['content-length']) > bytes) throw exceeded(limit);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return upTo(body, limit);
  throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'The body is stored as it is: send it without Content-Encoding.');
}

interface Limit {
  readonly bytes: number;
  readonly tooLarge: ProblemCode;
}

async function* upTo(body: AsyncIterable<Uint8Array>, limit: Limit): AsyncIterable<Uint8Array> {
  let size = 0;
  try {
    for await (const piece of body) {
      size += piece.length;
      if (size > limit.bytes) throw exceeded(limit);
      yield piece;
    }
  } catch (error) {
    throw errorCode(error) === 'ECONNRESET' ? brokenOff() : error;
  }
}

/** The caller went away, so nobody reads this answer; but it is not a failure of ours either. */
const brokenOff = () => {
  const message = 'must come whole';
  return new Problem('INVALID_INPUT', 'The body broke off before its end.', { errors: [{ path: '', message }] });
};

function decoded({ headers, body }: HttpRequest, limit: Limit): AsyncIterable<Uint8Array> {
  if (Number(headers['content-length']) > limit.bytes) throw exceeded(limit);
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return body;
  if (encoding === 'gzip' || encoding === 'x-gzip') return gunzip(body, limit);
  throw new Problem(
    'UNSUPPORTED_MEDIA_TYPE',
    `The Content-Encoding must be gzip or identity, not "${encoding.slice(0, 100)}".`,
  );
}

async function* gunzip(body: AsyncIterable<Uint8Array>, limit: Limit): AsyncIterable<Uint8Array> {
  const compressed = await collect(body, limit);
  if (compressed.length === 0) return;
  // Inflated piece by piece: a bomb is stopped at the limit, not after it has filled the memory.
  const inflated = Readable.from([compressed]).pipe(createGunzip());
  try {
    yield* inflated;
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('BAD_ENCODING', 'The body is not a well-formed gzip stream.');
  } finally {
    inflated.destroy();
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>, limit: Limit): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of upTo(chunks, limit)) parts.push(chunk);
  return Buffer.concat(parts);
}

const exceeded = ({ bytes, tooLarge }: Limit) =>
  new Problem(tooLarge, `The body is larger than ${bytes} bytes.`, { limit: bytes });

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('MALFORMED_JSON', 'The body is not valid UTF-8.');
  }
}

/** The parser's own message is not passed on: it quotes the body. */
function parseJson(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('MALFORMED_JSON', 'The body is not well-formed JSON.');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  const message = 'must be a JSON object';
  throw new Problem('INVALID_INPUT', `The body ${message}.`, { errors: [{ path: '', message }] });
}
