import { webcrypto } from 'node:crypto';
import { createAccountKeys, openAccountKeys, sealAccountKeys } from '../../../shared/crypto/account-keys.ts';
import { createAesKey, parseAesKey } from '../../../shared/crypto/aes-key.ts';
import { createSalt, deriveKey } from '../../../shared/crypto/derive-key.ts';
import { groupKeyText, unwrapGroupKey, wrapGroupKey } from '../../../shared/crypto/group-key.ts';
import { decryptMessage, encryptMessage, resourceAd } from '../../../shared/crypto/message.ts';
import { parsePrivateKey, parsePublicKey } from '../../../shared/crypto/rsa-key.ts';
import { defaultProfile, profiles } from '../../../shared/protocol/profiles.ts';

// The peer wants a browser's globals while it is imported, and logs which of its ways it takes.
Object.assign(globalThis, { window: { crypto: webcrypto, atob, btoa } });
Object.assign(console, { log: () => undefined });
const insomnia = await import('@getinsomnia/srp-js');

const email = 'bob@example.com';
const content = JSON.stringify({ url: 'https://example.com/ü?q=☃', body: 'a b&c%20', emoji: '🦊' });

describe("the crypto of Insomnia's clients", () => {
  it('derives the keys we derive', async () => {
    for (const passphrase of ['correct horse', ' pässwörd ﬁ Ⅷ 🦊 ']) {
      const salt = createSalt();
      const ours = await deriveKey(passphrase, email, salt, profiles[defaultProfile].iterations);
      expect(await insomnia.deriveKey(passphrase.trim().normalize('NFKD'), email, salt)).toBe(ours);
    }
  });

  it('opens our messages, bound to a place or not', async () => {
    const key = await createAesKey();
    expect(insomnia.decryptAES(key, await encryptMessage(key, content))).toBe(content);
    const bound = await encryptMessage(key, content, resourceAd('grp_1', 'req_1', 1));
    expect(insomnia.decryptAES(key, bound)).toBe(content);
    const hex = 'ab'.repeat(32);
    expect(insomnia.decryptAES(hex, await encryptMessage(hex, content))).toBe(content);
  });

  it('makes messages that we open', async () => {
    const key = parseAesKey(JSON.stringify(await insomnia.generateAES256Key()));
    expect(await decryptMessage(key, insomnia.encryptAES(key, content))).toBe(content);
    const hex = 'cd'.repeat(32);
    expect(await decryptMessage(hex, insomnia.encryptAES(hex, content))).toBe(content);
  });

  it('wraps group keys that we unwrap, and unwraps ours', async () => {
    const { publicKey, privateKey } = await createAccountKeys();
    const key = await createAesKey();
    const theirs = insomnia.encryptRSAWithJWK(publicKey, JSON.stringify(key));
    expect(await unwrapGroupKey(theirs, privateKey)).toEqual(key);
    const ours = await wrapGroupKey(key, publicKey);
    expect(parseAesKey(insomnia.decryptRSAWithJWK(privateKey, ours))).toEqual(key);
    expect(decodeURIComponent(groupKeyText(key))).toBe(JSON.stringify(key));
  });

  it('makes accounts that we open', async () => {
    const secret = '01'.repeat(32);
    const pair = await insomnia.generateKeyPairJWK();
    const symmetricKey = await insomnia.generateAES256Key();
    const account = {
      publicKey: JSON.stringify(pair.publicKey),
      encPrivateKey: JSON.stringify(insomnia.encryptAES(symmetricKey, JSON.stringify(pair.privateKey))),
      encSymmetricKey: JSON.stringify(insomnia.encryptAES(secret, JSON.stringify(symmetricKey))),
    };
    const opened = await openAccountKeys(account, secret);
    expect(opened.publicKey).toEqual(parsePublicKey(account.publicKey));
    expect(opened.privateKey).toEqual(parsePrivateKey(JSON.stringify(pair.privateKey)));
  });

  it('opens accounts that we make', async () => {
    const secret = '02'.repeat(32);
    const keys = await createAccountKeys();
    const sealed = await sealAccountKeys(keys, secret);
    const symmetricKey = JSON.parse(insomnia.decryptAES(secret, JSON.parse(sealed.encSymmetricKey)));
    expect(symmetricKey).toEqual(keys.symmetricKey);
    const privateKey = JSON.parse(insomnia.decryptAES(symmetricKey, JSON.parse(sealed.encPrivateKey)));
    expect(privateKey).toEqual(keys.privateKey);
  });
});
