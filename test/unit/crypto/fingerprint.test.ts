import { createHash } from 'node:crypto';
import { createAccountKeys } from '../../../shared/crypto/account-keys.ts';
import { publicKeyFingerprint } from '../../../shared/crypto/fingerprint.ts';

/** The key of RFC 7638, section 3.1, with the algorithm that this project uses; a thumbprint does not cover it. */
const rfc7638 = {
  alg: 'RSA-OAEP-256',
  e: 'AQAB',
  kty: 'RSA',
  n: [
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRX',
    'jBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaS',
    'qzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksIN',
    'HaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  ].join(''),
};

describe('a fingerprint', () => {
  it('is the thumbprint of RFC 7638', async () => {
    const thumbprint = Buffer.from('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs', 'base64url').toString('hex');
    const shown = await publicKeyFingerprint(JSON.stringify(rfc7638));
    expect(shown.replaceAll(' ', '')).toBe(thumbprint);
  });

  it('is shown as sixteen groups of four', async () => {
    expect(await publicKeyFingerprint(JSON.stringify(rfc7638))).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
  });

  it('depends on the key alone, not on how it is written', async () => {
    const { publicKey } = await createAccountKeys();
    const { n, e, kty, alg } = publicKey;
    const expected = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('hex');
    for (const json of [
      JSON.stringify(publicKey),
      JSON.stringify({ n, alg, kty, e, ext: false, use: 'enc' }, null, 2),
    ]) {
      expect((await publicKeyFingerprint(json)).replaceAll(' ', '')).toBe(expected);
    }
  });
});
