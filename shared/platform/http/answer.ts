import { Problem, type ProblemDocument, problems } from '../../protocol/problems.ts';
import type { Platform } from '../context.ts';
import { errorCode } from '../log.ts';
import type { Bytes, Download, Operation } from '../operation.ts';
import type { PageFile } from '../pages.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import { fileAnswer, frameOf, pageHeaders } from './page-answer.ts';

/** Exactly this: existing clients compare the whole header, so no charset parameter. */
const json = 'application/json';

/** An operation's output as a response: JSON, a page, a file, or bytes. */
export async function success(
  operation: Operation,
  output: unknown,
  request: HttpRequest,
  platform: Pick<Platform, 'pages' | 'settings'>,
): Promise<HttpResponse> {
  const { success: status, page, csv } = operation;
  if (status === 204) return { status, headers: {} };
  if (operation.streams) return { status, headers: { 'content-type': json }, bytes: output as Bytes };
  if (operation.file) return fileAnswer(output as PageFile, request);
  if (operation.output === undefined) return download(output as Download);
  if (page !== undefined && (page.when === 'always' || prefers('text/html', request.headers.accept))) {
    return { status, headers: pageHeaders, body: page.draw(output, await frameOf(platform)) };
  }
  if (csv !== undefined && prefers('text/csv', request.headers.accept)) {
    const disposition = `attachment; filename="${csv.fileName}"`;
    const headers = { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': disposition };
    return { status, headers, body: csv.draw(output) };
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
      ...(document.status === 401
        ? { 'www-authenticate': document.code === 'WRITE_KEY_INVALID' ? 'Basic realm="analytics"' : 'Bearer' }
        : {}),
    },
    body: JSON.stringify(document),
  };
}

/** What an operation shows a browser in place of the problem document; undefined where it shows none. */
export async function problemPage(
  { page }: Operation,
  { code }: Problem,
  request: HttpRequest,
  platform: Pick<Platform, 'pages' | 'settings'>,
): Promise<HttpResponse | undefined> {
  if (code !== 'INVALID_INPUT' || page?.drawInvalid === undefined) return undefined;
  if (!prefers('text/html', request.headers.accept)) return undefined;
  return { status: problems[code].status, headers: pageHeaders, body: page.drawInvalid(await frameOf(platform)) };
}

/** Whether a type stands before JSON in `Accept`: a browser's form post does that with text/html, programs do not. */
function prefers(type: 'text/html' | 'text/csv', accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const asked = accept.indexOf(type);
  const asJson = accept.indexOf(json);
  return asked !== -1 && (asJson === -1 || asked < asJson);
}

/** Codes of the failures of services that we call. */
const behindUs: ReadonlySet<string> = new Set(['STORE_UNAVAILABLE', 'SECRET_UNAVAILABLE', 'PUBLISH_FAILED']);

/** Any failure as the problem it is answered with. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = errorCode(error);
  if (code !== undefined && behindUs.has(code)) {
    return new Problem('UNAVAILABLE', 'A service behind this one does not answer.', { retryAfter: 5 });
  }
  if (code === 'COMMIT_CONFLICT') {
    return new Problem('UNAVAILABLE', 'Somebody else changed the same data at the same moment.', { retryAfter: 1 });
  }
  return new Problem('INTERNAL', 'The call failed for a reason that is in the log, not in this answer.');
}
