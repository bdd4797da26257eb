import '../../unit/srp/no-navigator.ts';

import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { insomnia } from '../../unit/srp/insomnia.ts';
import type { Peer } from '../../unit/srp/peers.ts';
import { srpJs } from '../../unit/srp/srp-js.ts';

const srpOfInsomnia = await insomnia(2048);
const library = await import('@getinsomnia/srp-js');

/** Everything a client of the protocol computes, by somebody else's code. Keys are JSON Web Keys, messages their JSON. */
export interface PeerCrypto {
  readonly srp: Peer;
  deriveKey(passphrase: string, email: string, salt: string): Promise<string>;
  encrypt(key: string | object, text: string, ad?: string): string;
  decrypt(key: string | object, message: string): string;
  newKey(): Promise<object>;
  newPair(): Promise<{ readonly publicKey: object; readonly privateKey: object }>;
  wrap(publicKey: object, key: object): string;
  unwrap(privateKey: object, wrapped: string): object;
}

/** npm @getinsomnia/srp-js: what Insomnia's own clients use. */
export const insomniaPeer: PeerCrypto = {
  srp: srpOfInsomnia,
  deriveKey: library.deriveKey,
  encrypt: (key, text, ad) => JSON.stringify(library.encryptAES(key, text, ad)),
  decrypt: (key, message) => library.decryptAES(key, JSON.parse(message)),
  newKey: library.generateAES256Key,
  newPair: library.generateKeyPairJWK,
  wrap: (publicKey, key) => library.encryptRSAWithJWK(publicKey, JSON.stringify(key)),
  unwrap: (privateKey, wrapped) => JSON.parse(library.decryptRSAWithJWK(privateKey, wrapped)),
};

const { util, md, hmac, pkcs5, cipher, pki } = forge;
const oaep = () => ({ md: md.sha256.create(), mgf1: { md: md.sha256.create() } });
const rawKey = (key: string | object) =>
  typeof key === 'string'
    ? util.hexToBytes(key)
    : util.hexToBytes(Buffer.from(Object(key).k, 'base64url').toString('hex'));

/** HMAC of raw strings, as forge has bytes. */
function mac(key: string, text: string): string {
  const made = hmac.create();
  made.start('sha256', key);
  made.update(text);
  return made.digest().getBytes();
}

/** npm srp-js and node-forge, by the words of the protocol alone. */
export const forgePeer: PeerCrypto = {
  srp: srpJs(2048),
  deriveKey: async (passphrase, email, salt) => {
    const bound = mac(mac(salt, util.encodeUtf8(email)), '\u0001');
    const derived = pkcs5.pbkdf2(util.encodeUtf8(passphrase), bound, 100_000, 32, md.sha256.create());
    return util.bytesToHex(derived);
  },
  encrypt: (key, text, ad = '') => {
    const iv = util.hexToBytes(randomBytes(12).toString('hex'));
    const made = cipher.createCipher('AES-GCM', rawKey(key));
    made.start({ iv, additionalData: ad });
    made.update(util.createBuffer(encodeURIComponent(text)));
    made.finish();
    const parts = {
      iv: util.bytesToHex(iv),
      t: made.mode.tag.toHex(),
      d: made.output.toHex(),
      ad: util.bytesToHex(ad),
    };
    return JSON.stringify(parts);
  },
  decrypt: (key, message) => {
    const { iv, t, d, ad } = JSON.parse(message);
    const made = cipher.createDecipher('AES-GCM', rawKey(key));
    const [nonce, tag, additionalData] = [
      util.hexToBytes(iv),
      util.createBuffer(util.hexToBytes(t)),
      util.hexToBytes(ad),
    ];
    made.start({ iv: nonce, tag, additionalData });
    made.update(util.createBuffer(util.hexToBytes(d)));
    if (!made.finish()) throw new Error('The tag is wrong.');
    return decodeURIComponent(made.output.getBytes());
  },
  newKey: async () => ({
    ...{ alg: 'A256GCM', ext: true, k: randomBytes(32).toString('base64url') },
    ...{ key_ops: ['encrypt', 'decrypt'], kty: 'oct' },
  }),
  newPair: async () => {
    const { privateKey } = pki.rsa.generateKeyPair({ bits: 2048, e: 65_537 });
    const jwk = createPrivateKey(pki.privateKeyToPem(privateKey)).export({ format: 'jwk' });
    const { kty, n, e } = jwk;
    const common = { alg: 'RSA-OAEP-256', ext: true };
    return {
      publicKey: { ...common, kty, n, e, key_ops: ['encrypt'] },
      privateKey: { ...jwk, ...common, key_ops: ['decrypt'] },
    };
  },
  wrap: (publicKey, key) => {
    const pem = createPublicKey({ key: { ...publicKey }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const words = encodeURIComponent(JSON.stringify(key));
    return util.bytesToHex(pki.publicKeyFromPem(String(pem)).encrypt(words, 'RSA-OAEP', oaep()));
  },
  unwrap: (privateKey, wrapped) => {
    const pem = createPrivateKey({ key: { ...privateKey }, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' });
    const words = pki.privateKeyFromPem(String(pem)).decrypt(util.hexToBytes(wrapped), 'RSA-OAEP', oaep());
    return JSON.parse(decodeURIComponent(words));
  },
};
