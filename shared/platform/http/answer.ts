import { Problem, type ProblemDocument } from '../../protocol/problems.ts';
import type { Operation } from '../definition.ts';
import type { HttpRequest, HttpResponse } from './message.ts';

/** Exactly this: existing clients compare the whole header, so no charset parameter. */
const json = 'application/json';

/** `body` is the output as JSON already, or the output itself for operations that draw a page. */
export function success(operation: Operation, output: unknown, request: HttpRequest): HttpResponse {
  const { success: status, page } = operation;
  if (status === 204) return { status, headers: {} };
  if (page !== undefined && (page.when === 'always' || prefersHtml(request.headers.accept))) {
    return { status, headers: pageHeaders, body: page.draw(output) };
  }
  return { status, headers: { 'content-type': json }, body: JSON.stringify(output) };
}

export function problemResponse(document: ProblemDocument): HttpResponse {
  const { retryAfter, allowed } = document;
  return {
    status: document.status,
    headers: {
      'content-type': 'application/problem+json',
      ...(typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {}),
      ...(Array.isArray(allowed) ? { allow: allowed.join(', ') } : {}),
      ...(document.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify(document),
  };
}

/** Our pages carry their style and script inside and load nothing. */
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
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
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'STORE_UNAVAILABLE' || code === 'SECRET_UNAVAILABLE') {
    return new Problem('UNAVAILABLE', 'A service behind this one does not answer.', { retryAfter: 5 });
  }
  if (code === 'COMMIT_CONFLICT') {
    return new Problem('UNAVAILABLE', 'Somebody else changed the same data at the same moment.', { retryAfter: 1 });
  }
  return new Problem('INTERNAL', 'The call failed for a reason that is in the log, not in this answer.');
}
