import { createAccountKeys } from '../../../shared/crypto/account-keys.ts';
import { createAesKey } from '../../../shared/crypto/aes-key.ts';
import { groupKeyText, unwrapGroupKey, wrapGroupKey } from '../../../shared/crypto/group-key.ts';
import { rsaOaep } from '../../../shared/crypto/rsa-key.ts';

const jane = await createAccountKeys();
const bob = await createAccountKeys();
const unopened = {
  code: 'KEY_UNWRAP_FAILED',
  message: 'The group key was wrapped for another account or was changed.',
};

async function wrapText(text: string): Promise<string> {
  const jwk = { ...jane.publicKey, key_ops: ['encrypt'] };
  const key = await crypto.subtle.importKey('jwk', jwk, rsaOaep, false, ['encrypt']);
  return Buffer.from(await crypto.subtle.encrypt(rsaOaep, key, Buffer.from(text))).toString('hex');
}

describe('a group key', () => {
  it('fills RSA-OAEP to the last byte', async () => {
    for (let round = 0; round < 20; round++) expect(groupKeyText(await createAesKey())).toHaveLength(190);
    await expect(wrapText('x'.repeat(190))).resolves.toHaveLength(512);
    await expect(wrapText('x'.repeat(191))).rejects.toThrow();
  });

  it('is wrapped to 512 characters, others each time, and comes back', async () => {
    const key = await createAesKey();
    const [one, two] = [await wrapGroupKey(key, jane.publicKey), await wrapGroupKey(key, jane.publicKey)];
    expect(one).toMatch(/^[0-9a-f]{512}$/);
    expect(one).not.toBe(two);
    expect(await unwrapGroupKey(one, jane.privateKey)).toEqual(key);
    expect(await unwrapGroupKey(two, jane.privateKey)).toEqual(key);
  });

  it('is shared by wrapping it again for somebody else', async () => {
    const key = await createAesKey();
    const opened = await unwrapGroupKey(await wrapGroupKey(key, jane.publicKey), jane.privateKey);
    expect(await unwrapGroupKey(await wrapGroupKey(opened, bob.publicKey), bob.privateKey)).toEqual(key);
  });

  it('does not open for another account, or when it was changed', async () => {
    const wrapped = await wrapGroupKey(await createAesKey(), jane.publicKey);
    await expect(unwrapGroupKey(wrapped, bob.privateKey)).rejects.toMatchObject(unopened);
    const changed = wrapped.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    await expect(unwrapGroupKey(changed, jane.privateKey)).rejects.toMatchObject(unopened);
    await expect(unwrapGroupKey('f'.repeat(512), jane.privateKey)).rejects.toMatchObject(unopened);
    await expect(unwrapGroupKey(await wrapText('100%'), jane.privateKey)).rejects.toMatchObject(unopened);
  });

  it('is not anything else that was wrapped', async () => {
    await expect(unwrapGroupKey(await wrapText('%7B%7D'), jane.privateKey)).rejects.toMatchObject({
      code: 'KEY_MALFORMED',
      message: 'Expected an AES-256 key (a JSON Web Key of kty "oct" with 32 bytes).',
    });
  });

  it.each(['', 'ab'.repeat(255), 'ab'.repeat(257), 'AB'.repeat(256), 'xy'.repeat(256)])(
    'is not wrapped in %j',
    async (wrapped) => {
      await expect(unwrapGroupKey(wrapped, jane.privateKey)).rejects.toMatchObject({
        code: 'HEX_INVALID',
        message: 'Expected exactly 512 lower-case hex characters.',
      });
    },
  );
});
