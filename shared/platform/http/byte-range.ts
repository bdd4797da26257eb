import { Problem } from '../../protocol/problems.ts';

/** Both ends included, as RFC 9110 counts them. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * The span that a `Range` header asks for of `size` bytes; `undefined` for the whole: without a header, and for what
 * RFC 9110 lets a server ignore (another unit, several ranges, no well-formed range).
 * @throws Problem `RANGE_NOT_SATISFIABLE` when the range lies beyond the end
 */
export function requestedSpan(header: string | undefined, size: number): Span | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (first < size && !(from === '' && Number(to) === 0)) return { first, last };
  throw new Problem('RANGE_NOT_SATISFIABLE', `The range lies beyond the ${size} bytes there are.`, { size });
}
