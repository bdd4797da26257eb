/**
 * Headers that let pages of these origins call us, and read the answer. Any other origin gets none of them.
 * @param varies what else the answer depends on, as its own `Vary` says
 */
export function corsHeaders(
  origin: string | undefined,
  allowed: readonly string[],
  varies?: string,
): Record<string, string> {
  const vary = varies === undefined ? 'Origin' : `${varies}, Origin`;
  if (origin === undefined || !(allowed.includes('*') || allowed.includes(origin))) return { vary };
  return {
    vary,
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'Request-Id, Retry-After, Idempotency-Replayed, Content-Range, ETag, Repr-Digest',
  };
}

/** What a preflight is told besides, if its origin is allowed. */
export const preflightHeaders = (methods: readonly string[]): Record<string, string> => ({
  'access-control-allow-methods': methods.join(', '),
  'access-control-allow-headers':
    'Anonymous-Id, Authorization, Content-Type, Content-Encoding, Idempotency-Key, If-Range, Range, Request-Id, X-Session-Id, X-Insomnia-Client',
  'access-control-max-age': '7200',
});
