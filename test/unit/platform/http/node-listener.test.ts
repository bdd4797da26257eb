import { clientAddress } from '../../../../shared/platform/http/node-listener.ts';

describe('clientAddress', () => {
  it('takes what the nearest trusted proxy appended, never what the caller wrote', () => {
    expect(clientAddress('6.6.6.6, 203.0.113.9', '10.0.0.1', 1)).toBe('203.0.113.9');
    expect(clientAddress('6.6.6.6, 203.0.113.9, 35.0.0.1', '10.0.0.1', 2)).toBe('203.0.113.9');
  });

  it('believes no header when no proxy is trusted', () => {
    expect(clientAddress('6.6.6.6', '10.0.0.1', 0)).toBe('10.0.0.1');
  });

  it('falls back on the peer when the header is absent or too short', () => {
    expect(clientAddress(undefined, '10.0.0.1', 1)).toBe('10.0.0.1');
    expect(clientAddress('203.0.113.9', '10.0.0.1', 2)).toBe('10.0.0.1');
    expect(clientAddress('', '10.0.0.1', 1)).toBe('10.0.0.1');
  });
});
