import { requestedSpan } from '../../../../shared/platform/http/byte-range.ts';

describe('requestedSpan', () => {
  it.each([
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=0-99', { first: 0, last: 99 }],
    ['bytes=10-19', { first: 10, last: 19 }],
    [' bytes=10-19 ', { first: 10, last: 19 }],
    ['bytes=90-', { first: 90, last: 99 }],
    ['bytes=99-200', { first: 99, last: 99 }],
    ['bytes=-1', { first: 99, last: 99 }],
    ['bytes=-100', { first: 0, last: 99 }],
    ['bytes=-5000', { first: 0, last: 99 }],
  ])('understands %j of 100 bytes', (header, span) => {
    expect(requestedSpan(header, 100)).toEqual(span);
  });

  it.each([
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'bytes=5-2',
    'bytes=0-1,5-6',
    'bytes=0-1,',
    'bytes=1.5-2',
    'bytes=+1-2',
    'bytes=0x1-2',
    'BYTES=0-1',
    'items=0-1',
    'bytes=1111111111111111-',
  ])('gives the whole for %j', (header) => {
    expect(requestedSpan(header, 100)).toBeUndefined();
  });

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=999999999999999-', 'bytes=-0'])(
    'refuses %j of 100 bytes',
    (header) => {
      expect(() => requestedSpan(header, 100)).toThrow(
        expect.objectContaining({
          code: 'RANGE_NOT_SATISFIABLE',
          message: 'The range lies beyond the 100 bytes there are.',
          members: { size: 100 },
        }),
      );
    },
  );
});
