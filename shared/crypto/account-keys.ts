import { type AesKeyJwk, createAesKey, parseAesKey } from './aes-key.ts';
import { KeyPairMismatched } from './errors.ts';
import { decryptMessage, encryptMessage, parseMessage } from './message.ts';
import {
  type PrivateKeyJwk,
  type PublicKeyJwk,
  parsePrivateKey,
  parsePublicKey,
  rsaBytes,
  rsaOaep,
} from './rsa-key.ts';

/** The keys of one account in the clear: they exist in a client's memory only. */
export interface AccountKeys {
  /** `SYM_Account`. */
  readonly symmetricKey: AesKeyJwk;
  /** `PUB_Account`. */
  readonly publicKey: PublicKeyJwk;
  /** `PRV_Account`. */
  readonly privateKey: PrivateKeyJwk;
}

/** The same keys as the server stores them: three opaque JSON strings. */
export interface SealedAccountKeys {
  /** The public JWK. */
  readonly publicKey: string;
  /** AES message under `SYM_Account` of the private JWK's JSON. */
  readonly encPrivateKey: string;
  /** AES message under `SEC_PWD_Enc` of `SYM_Account`'s JSON: 467 characters. */
  readonly encSymmetricKey: string;
}

/** Fresh keys for a new account. The search for RSA primes takes 0.1 to 0.4 s. */
export async function createAccountKeys(): Promise<AccountKeys> {
  const parameters = { ...rsaOaep, modulusLength: rsaBytes * 8, publicExponent: Uint8Array.of(1, 0, 1) };
  const pair = await crypto.subtle.generateKey(parameters, true, ['encrypt', 'decrypt']);
  const publicJwk = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const privateJwk = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return {
    symmetricKey: await createAesKey(),
    publicKey: parsePublicKey(JSON.stringify(publicJwk)),
    privateKey: parsePrivateKey(JSON.stringify(privateJwk)),
  };
}

/** @param secret `SEC_PWD_Enc`, 64 hex characters */
export async function sealAccountKeys(keys: AccountKeys, secret: string): Promise<SealedAccountKeys> {
  return {
    publicKey: JSON.stringify(keys.publicKey),
    encPrivateKey: JSON.stringify(await encryptMessage(keys.symmetricKey, JSON.stringify(keys.privateKey))),
    encSymmetricKey: await sealSymmetricKey(keys.symmetricKey, secret),
  };
}

/**
 * The account's `encSymmetricKey` alone: all that a new passphrase or a new address changes.
 * @param secret `SEC_PWD_Enc`, 64 hex characters
 */
export async function sealSymmetricKey(symmetricKey: AesKeyJwk, secret: string): Promise<string> {
  return JSON.stringify(await encryptMessage(secret, JSON.stringify(symmetricKey)));
}

/**
 * Opens what {@link sealAccountKeys}, or another client of this protocol, sealed.
 * @param secret `SEC_PWD_Enc`, 64 hex characters
 * @throws {MessageTampered} when the secret is another or a field was changed
 * @throws {MessageMalformed} when a field holds no message
 * @throws {KeyMalformed} when a field holds no key
 * @throws {KeyPairMismatched} when the server swapped the public key
 */
export async function openAccountKeys(sealed: SealedAccountKeys, secret: string): Promise<AccountKeys> {
  const symmetricKey = parseAesKey(await decryptMessage(secret, parseMessage(sealed.encSymmetricKey)));
  const privateKey = parsePrivateKey(await decryptMessage(symmetricKey, parseMessage(sealed.encPrivateKey)));
  const publicKey = parsePublicKey(sealed.publicKey);
  if (publicKey.n !== privateKey.n) throw new KeyPairMismatched();
  return { symmetricKey, publicKey, privateKey };
}
