import fc from 'fast-check';
import { decodeHex, encodeHex } from '../../../shared/crypto/hex.ts';

describe('hex', () => {
  it('reads what it wrote, and writes what Buffer writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = encodeHex(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('hex'));
        expect(decodeHex(text, bytes.length)).toEqual(bytes);
      }),
    );
  });

  it.each(['AB', 'a', 'abc', 'g0', '0x', ' 0', '0\u0130', '\uff10\uff11', '\u0161\u0161', '-1'])(
    'refuses %j',
    (text) => {
      expect(() => decodeHex(text)).toThrow(
        expect.objectContaining({ code: 'HEX_INVALID', name: 'HexInvalid', message: 'Expected lower-case hex.' }),
      );
    },
  );

  it('refuses another length than the one asked for', () => {
    const error = { code: 'HEX_INVALID', message: 'Expected exactly 4 lower-case hex characters.' };
    for (const text of ['', 'ab', 'ababab']) {
      expect(() => decodeHex(text, 2)).toThrow(expect.objectContaining(error));
    }
    expect(decodeHex('', 0)).toEqual(new Uint8Array(0));
  });
});
