import { srpEngine } from '#srp-engine';
import { usable } from '../../../client/srp-engine/node.ts';
import { opensslEngine } from '../../../shared/crypto/srp/openssl/engine.ts';
import { webEngine } from '../../../shared/crypto/srp/web-engine.ts';

describe('the engine of the client', () => {
  it('is the one on OpenSSL in Node', () => {
    expect(srpEngine).toBe(opensslEngine);
  });

  it.each([
    [
      'cannot do it',
      () => {
        throw new Error('error:0600000a:public key routines::DECODE_ERROR');
      },
    ],
    ['does it wrong', () => 242n],
  ])('is the one of browsers where the library under node:crypto %s', (_name, modPow) => {
    expect(usable({ ...webEngine, modPow })).toBe(webEngine);
  });
});
