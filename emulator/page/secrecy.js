/**
 * What a stored field is to somebody who can read the whole store, by the naming rule of the store: `enc…` is encrypted
 * by the client, `sealed…` by the server; salts, public keys, hashes and identifiers are long but open nothing.
 * @returns {'client' | 'server' | 'key' | 'plain'}
 */
export function secrecyOf(field, value) {
  if (typeof value !== 'string' || value === '') return 'plain';
  if (/^enc[A-Z]/.test(field)) return 'client';
  if (/^sealed[A-Z]/.test(field)) return 'server';
  if (/^salt[A-Z]/.test(field) || field === 'publicKey' || /^[0-9a-f]{32,}$/.test(value)) return 'key';
  return 'plain';
}

export const meanings = {
  client: 'Encrypted by the client: no key on the server opens it',
  server: 'Sealed with a server key from Secret Manager',
  key: 'A hash, a salt, a public key or an identifier: opens nothing',
  plain: 'The operator can read this',
};
