import forge from 'node-forge';
import { createAccountKeys } from '../../../shared/crypto/account-keys.ts';
import { createAesKey } from '../../../shared/crypto/aes-key.ts';
import { groupKeyText, unwrapGroupKey, wrapGroupKey } from '../../../shared/crypto/group-key.ts';
import { decryptMessage, encryptMessage } from '../../../shared/crypto/message.ts';

const { util } = forge;
const hash = () => ({ md: forge.md.sha256.create(), mgf1: { md: forge.md.sha256.create() } });
const number = (base64url: string) =>
  new forge.jsbn.BigInteger(Buffer.from(base64url, 'base64url').toString('hex'), 16);

const keys = await createAccountKeys();
const { n, e, d, p, q, dp, dq, qi } = keys.privateKey;
const publicKey = forge.pki.setRsaPublicKey(number(n), number(e));
const parts = [n, e, d, p, q, dp, dq, qi].map(number);
const privateKey = forge.pki.rsa.setPrivateKey(...(parts as Parameters<typeof forge.pki.rsa.setPrivateKey>));

describe('node-forge, which shares no code with WebCrypto', () => {
  it('unwraps our group keys', async () => {
    const key = await createAesKey();
    const wrapped = util.hexToBytes(await wrapGroupKey(key, keys.publicKey));
    expect(privateKey.decrypt(wrapped, 'RSA-OAEP', hash())).toBe(groupKeyText(key));
  });

  it('wraps group keys that we unwrap', async () => {
    const key = await createAesKey();
    const wrapped = util.bytesToHex(publicKey.encrypt(groupKeyText(key), 'RSA-OAEP', hash()));
    expect(await unwrapGroupKey(wrapped, keys.privateKey)).toEqual(key);
  });

  it('opens our messages with their associated data', async () => {
    const key = 'a1'.repeat(32);
    const message = await encryptMessage(key, 'für ☃', 'plaće');
    const decipher = forge.cipher.createDecipher('AES-GCM', util.hexToBytes(key));
    decipher.start({
      iv: util.hexToBytes(message.iv),
      additionalData: util.hexToBytes(message.ad),
      tag: util.createBuffer(util.hexToBytes(message.t)),
    });
    decipher.update(util.createBuffer(util.hexToBytes(message.d)));
    expect(decipher.finish()).toBe(true);
    expect(decipher.output.getBytes()).toBe(encodeURIComponent('für ☃'));
  });

  it('makes messages that we open', async () => {
    const key = 'b2'.repeat(32);
    const iv = forge.random.getBytesSync(12);
    const cipher = forge.cipher.createCipher('AES-GCM', util.hexToBytes(key));
    cipher.start({ iv, additionalData: util.encodeUtf8('plaće') });
    cipher.update(util.createBuffer(encodeURIComponent('für ☃')));
    cipher.finish();
    const message = {
      iv: util.bytesToHex(iv),
      t: cipher.mode.tag.toHex(),
      d: cipher.output.toHex(),
      ad: util.bytesToHex(util.encodeUtf8('plaće')),
    };
    expect(await decryptMessage(key, message, { expectedAd: 'plaće' })).toBe('für ☃');
  });
});
