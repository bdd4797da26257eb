import {
  createAccountKeys,
  openAccountKeys,
  sealAccountKeys,
  sealSymmetricKey,
} from '../../../shared/crypto/account-keys.ts';
import { publicKeyFingerprint } from '../../../shared/crypto/fingerprint.ts';
import { decryptMessage, encryptMessage, parseMessage } from '../../../shared/crypto/message.ts';
import { parsePrivateKey, parsePublicKey } from '../../../shared/crypto/rsa-key.ts';

const secret = '0123456789abcdef'.repeat(4);
const jane = await createAccountKeys();
const bob = await createAccountKeys();
const sealed = await sealAccountKeys(jane, secret);
const malformed = (expected: string) => ({ code: 'KEY_MALFORMED', message: `Expected ${expected}.` });
const publicKeyWanted = 'an RSA-OAEP-256 public key of 2048 bits as a JSON Web Key';

describe('account keys', () => {
  it('have the sizes that existing clients write', () => {
    expect(JSON.stringify(jane.symmetricKey)).toHaveLength(122);
    expect(sealed.encSymmetricKey).toHaveLength(467);
    expect(sealed.publicKey).toHaveLength(427);
    expect(Math.abs(sealed.encPrivateKey.length - 3717)).toBeLessThan(20);
  });

  it('have the members that existing clients write', () => {
    expect(jane.symmetricKey).toEqual({
      alg: 'A256GCM',
      ext: true,
      k: expect.stringMatching(/^[\w-]{43}$/),
      key_ops: ['encrypt', 'decrypt'],
      kty: 'oct',
    });
    expect(JSON.parse(sealed.publicKey)).toEqual({
      alg: 'RSA-OAEP-256',
      e: 'AQAB',
      ext: true,
      key_ops: ['encrypt'],
      kty: 'RSA',
      n: expect.stringMatching(/^[\w-]{342}$/),
    });
    expect(Object.keys(jane.privateKey).sort()).toEqual(
      ['alg', 'd', 'dp', 'dq', 'e', 'ext', 'key_ops', 'kty', 'n', 'p', 'q', 'qi'].sort(),
    );
    expect(jane.privateKey.key_ops).toEqual(['decrypt']);
  });

  it('come back with the secret that sealed them', async () => {
    expect(await openAccountKeys(sealed, secret)).toEqual(jane);
  });

  it('come back under a new secret after a change of passphrase, with the private key left as it was', async () => {
    const renewed = 'fedcba9876543210'.repeat(4);
    const changed = { ...sealed, encSymmetricKey: await sealSymmetricKey(jane.symmetricKey, renewed) };
    expect(await openAccountKeys(changed, renewed)).toEqual(jane);
    await expect(openAccountKeys(changed, secret)).rejects.toMatchObject({ code: 'MESSAGE_TAMPERED' });
  });

  it('do not open with another secret or with a field of another account', async () => {
    const tampered = {
      code: 'MESSAGE_TAMPERED',
      message: 'The message was changed or was encrypted with another key.',
    };
    await expect(openAccountKeys(sealed, secret.replace('0', '1'))).rejects.toMatchObject(tampered);
    const foreign = await sealAccountKeys(bob, secret);
    const mixed = { ...sealed, encPrivateKey: foreign.encPrivateKey };
    await expect(openAccountKeys(mixed, secret)).rejects.toMatchObject(tampered);
  });

  it('show when a server swapped the public key', async () => {
    const swapped = { ...sealed, publicKey: JSON.stringify(bob.publicKey) };
    await expect(openAccountKeys(swapped, secret)).rejects.toMatchObject({
      code: 'KEY_PAIR_MISMATCHED',
      message: 'The public key does not belong to the private key of this account.',
    });
  });

  it('open where another client left ext out or wrote other orders', async () => {
    const { n, e, kty, alg } = jane.publicKey;
    const publicKey = JSON.stringify({ n, kty, e, alg, key_ops: ['encrypt'] });
    expect(await openAccountKeys({ ...sealed, publicKey }, secret)).toEqual(jane);
  });

  it('do not open where the decrypted JSON is no key', async () => {
    const encSymmetricKey = JSON.stringify(await encryptMessage(secret, '{}'));
    await expect(openAccountKeys({ ...sealed, encSymmetricKey }, secret)).rejects.toMatchObject(
      malformed('an AES-256 key (a JSON Web Key of kty "oct" with 32 bytes)'),
    );
    const encPrivateKey = JSON.stringify(await encryptMessage(jane.symmetricKey, sealed.publicKey));
    await expect(openAccountKeys({ ...sealed, encPrivateKey }, secret)).rejects.toMatchObject(
      malformed('an RSA private key with the members d, p, q, dp, dq and qi'),
    );
    await expect(openAccountKeys({ ...sealed, encPrivateKey: 'none' }, secret)).rejects.toMatchObject({
      code: 'MESSAGE_MALFORMED',
    });
  });

  it('are sealed without associated data, as existing clients do', async () => {
    expect(parseMessage(sealed.encPrivateKey).ad).toBe('');
    const json = await decryptMessage(jane.symmetricKey, parseMessage(sealed.encPrivateKey));
    expect(parsePrivateKey(json)).toEqual(jane.privateKey);
  });
});

describe('a public key', () => {
  const good = { ...jane.publicKey };

  it.each([
    ['no JSON', '{'],
    ['no object', '1'],
    ['of another algorithm', JSON.stringify({ ...good, alg: 'RSA-OAEP' })],
    ['without an algorithm', JSON.stringify({ ...good, alg: undefined })],
    ['of another type', JSON.stringify({ ...good, kty: 'EC' })],
    ['with another exponent', JSON.stringify({ ...good, e: 'Aw' })],
    ['of 1024 bits', JSON.stringify({ ...good, n: good.n.slice(0, 171) })],
    ['of fewer bits, padded with zeros', JSON.stringify({ ...good, n: `A${good.n.slice(1)}` })],
    ['with a modulus that is no text', JSON.stringify({ ...good, n: 1 })],
  ])('is not %s', async (_, json) => {
    expect(() => parsePublicKey(json)).toThrow(expect.objectContaining(malformed(publicKeyWanted)));
    await expect(publicKeyFingerprint(json)).rejects.toMatchObject(malformed(publicKeyWanted));
  });

  it('of every new account is accepted, whatever its first digit', () => {
    for (const { publicKey } of [jane, bob]) expect(parsePublicKey(JSON.stringify(publicKey))).toEqual(publicKey);
    const first = 'ghijklmnopqrstuvwxyz0123456789-_';
    for (const digit of first) {
      expect(parsePublicKey(JSON.stringify({ ...good, n: digit + good.n.slice(1) })).n).toMatch(/^[\w-]{342}$/);
    }
  });
});
