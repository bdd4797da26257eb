import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { Problem, type ProblemDocument } from '../../protocol/problems.ts';
import type { Platform } from '../context.ts';
import { errorCode } from '../log.ts';
import type { Bytes, Download, Operation } from '../operation.ts';
import type { PageFile } from '../pages.ts';
import type { Settings } from '../settings.ts';
import type { HttpRequest, HttpResponse } from './message.ts';

/** Exactly this: existing clients compare the whole header, so no charset parameter. */
const json = 'application/json';

/** An operation's output as a response: JSON, a page, a file, or bytes. */
export async function success(
  operation: Operation,
  output: unknown,
  request: HttpRequest,
  { pages, settings }: Pick<Platform, 'pages' | 'settings'>,
): Promise<HttpResponse> {
  const { success: status, page } = operation;
  if (status === 204) return { status, headers: {} };
  if (operation.streams) return { status, headers: { 'content-type': json }, bytes: output as Bytes };
  if (operation.file) return file(output as PageFile, request);
  if (operation.output === undefined) return download(output as Download);
  if (page !== undefined && (page.when === 'always' || prefersHtml(request.headers.accept))) {
    return {
      status,
      headers: pageHeaders,
      body: page.draw(output, { pages: await pages(), base: basePath(settings) }),
    };
  }
  return { status, headers: { 'content-type': json }, body: JSON.stringify(output) };
}

/**
 * Cloud Run refuses an HTTP/1 answer that announces more than 32 MiB, and streams one of unknown length however long it
 * is. So what is longer goes in HTTP's own chunks, where breaking off shows as well.
 */
const longestAnnounced = 30 * 1024 * 1024;

/** RFC 9110: a part is 206 and says which; RFC 9530: the whole content's digest, whatever part is sent. */
function download({ bytes, size, span, sha256 }: Download): HttpResponse {
  const { first, last } = span ?? { first: 0, last: size - 1 };
  const length = last - first + 1;
  return {
    status: span === undefined ? 200 : 206,
    headers: {
      'content-type': 'application/octet-stream',
      ...(length > longestAnnounced ? {} : { 'content-length': String(length) }),
      ...(span === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${size}` }),
      'accept-ranges': 'bytes',
      etag: `"${sha256}"`,
      'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
      'x-content-type-options': 'nosniff',
    },
    bytes,
  };
}

export function problemResponse(document: ProblemDocument): HttpResponse {
  const { retryAfter, allowed, size } = document;
  return {
    status: document.status,
    headers: {
      'content-type': 'application/problem+json',
      ...(typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {}),
      ...(Array.isArray(allowed) ? { allow: allowed.join(', ') } : {}),
      ...(document.status === 416 ? { 'content-range': `bytes */${size}` } : {}),
      ...(document.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify(document),
  };
}

/** The path before a function's name, as browsers ask for it. */
const basePath = ({ baseUrl }: Pick<Settings, 'baseUrl'>): string => `${new URL(baseUrl).pathname.replace(/\/$/, '')}/`;

/** A file that is kept for good: another content would have another name. */
function file({ type, text }: PageFile, { headers: asked }: HttpRequest): HttpResponse {
  const headers = { ...fileHeaders, 'content-type': type };
  if (!/\bgzip\b/.test(asked['accept-encoding'] ?? '')) return { status: 200, headers, body: text };
  const bytes = gzipSync(text);
  return {
    status: 200,
    headers: { ...headers, 'content-encoding': 'gzip', 'content-length': String(bytes.length) },
    bytes: Readable.from([bytes]),
  };
}

const hardened = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A page runs our own files and nothing else: no other origin, nothing inline, no text made into code or markup. */
const pageHeaders = {
  ...hardened,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types nightvault',
  ].join('; '),
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'x-robots-tag': 'noindex',
};

/** A worker's policy is its own file's. */
const fileHeaders = {
  ...hardened,
  'cache-control': 'public, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; connect-src 'self'",
  vary: 'Accept-Encoding',
};

/** Whether text/html stands before JSON in `Accept`: a browser's form post does that, programs do not. */
function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const html = accept.indexOf('text/html');
  const asJson = accept.indexOf(json);
  return html !== -1 && (asJson === -1 || html < asJson);
}

/** Any failure as the problem it is answered with. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = errorCode(error);
  if (code === 'STORE_UNAVAILABLE' || code === 'SECRET_UNAVAILABLE') {
    return new Problem('UNAVAILABLE', 'A service behind this one does not answer.', { retryAfter: 5 });
  }
  if (code === 'COMMIT_CONFLICT') {
    return new Problem('UNAVAILABLE', 'Somebody else changed the same data at the same moment.', { retryAfter: 1 });
  }
  return new Problem('INTERNAL', 'The call failed for a reason that is in the log, not in this answer.');
}
