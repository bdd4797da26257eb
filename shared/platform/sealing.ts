import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secret, SecretName, Secrets } from './secrets.ts';

/**
 * Encryption and authentication under server keys: AES-256-GCM and HMAC-SHA256 with subkeys from HKDF-SHA256, one for
 * each purpose. A sealed text is `VERSION.BASE64URL(nonce | ciphertext | tag)`; VERSION is the secret's, so keys rotate.
 */
export interface Sealer {
  /** `purpose` and `place` are authenticated: a text opens only with the same two. */
  seal(name: SecretName, purpose: string, place: string, plaintext: Uint8Array): Promise<string>;
  /** `undefined` when the text was not sealed by us for this purpose and place, or was changed. */
  open(name: SecretName, purpose: string, place: string, sealed: string): Promise<Uint8Array | undefined>;
  /** `VERSION.TAG.` plus the text: anybody can read it, nobody can change it. */
  sign(name: SecretName, purpose: string, text: string): Promise<string>;
  /** The text; `undefined` when it was not signed by us for this purpose. */
  verify(name: SecretName, purpose: string, signed: string): Promise<string | undefined>;
  /** A keyed hash, hex: who lacks the key can neither make nor guess it. The same for ever, whatever is rotated. */
  hash(name: SecretName, purpose: string, text: string): Promise<string>;
  /** Bytes that only this deployment can compute from `text`, the same for ever. */
  derive(name: SecretName, purpose: string, text: string, length: number): Promise<Uint8Array>;
}

const nonceBytes = 12;
const tagBytes = 16;

export function sealer(secrets: Secrets): Sealer {
  /** Callers send versions too, inside cursors and handshakes: one we never had costs no look-up. */
  const byVersion = async (name: SecretName, version: string): Promise<Secret | undefined> => {
    if (!/^[1-9][0-9]{0,8}$/.test(version)) return undefined;
    const current = await secrets.current(name);
    if (version === current.version) return current;
    return Number(version) < Number(current.version) ? secrets.version(name, version) : undefined;
  };

  /** Version 1 for ever: what is derived must not change when the secret rotates. */
  const first = async (name: SecretName): Promise<Secret> => {
    const secret = await secrets.version(name, '1');
    if (secret === undefined) throw new Error(`Version 1 of the secret ${name} is gone: enable it again.`);
    return secret;
  };

  /** Deriving one takes longer than hashing with it, and there are many hashes and few purposes. */
  const hashKeys = new Map<string, Buffer>();
  const hashKey = async (name: SecretName, purpose: string): Promise<Buffer> => {
    const known = hashKeys.get(`${name} ${purpose}`);
    if (known !== undefined) return known;
    const key = subkey(await first(name), `hash ${purpose}`);
    hashKeys.set(`${name} ${purpose}`, key);
    return key;
  };

  const mac = (secret: Secret, purpose: string, text: string) =>
    createHmac('sha256', subkey(secret, `sign ${purpose}`))
      .update(text)
      .digest();

  return {
    seal: async (name, purpose, place, plaintext) => {
      const secret = await secrets.current(name);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', subkey(secret, `seal ${purpose}`), nonce).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      return `${secret.version}.${sealed.toString('base64url')}`;
    },
    open: async (name, purpose, place, text) => {
      const [version = '', body = ''] = text.split('.');
      const sealed = Buffer.from(body, 'base64url');
      if (sealed.length < nonceBytes + tagBytes) return undefined;
      const secret = await byVersion(name, version);
      if (secret === undefined) return undefined;
      const key = subkey(secret, `seal ${purpose}`);
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(place))
        .setAuthTag(sealed.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
    sign: async (name, purpose, text) => {
      const secret = await secrets.current(name);
      return `${secret.version}.${mac(secret, purpose, text).toString('base64url')}.${text}`;
    },
    verify: async (name, purpose, signed) => {
      const [version = '', tag = '', ...rest] = signed.split('.');
      const text = rest.join('.');
      const secret = await byVersion(name, version);
      if (secret === undefined) return undefined;
      const expected = mac(secret, purpose, text);
      const given = Buffer.from(tag, 'base64url');
      return given.length === expected.length && timingSafeEqual(given, expected) ? text : undefined;
    },
    derive: async (name, purpose, text, length) => {
      const secret = await first(name);
      return new Uint8Array(hkdfSync('sha256', secret.bytes, text, `derive ${purpose}`, length));
    },
    hash: async (name, purpose, text) =>
      createHmac('sha256', await hashKey(name, purpose))
        .update(text)
        .digest('hex'),
  };
}

const subkey = ({ bytes }: Secret, info: string): Buffer => Buffer.from(hkdfSync('sha256', bytes, '', info, 32));
