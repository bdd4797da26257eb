import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { SrpGroup } from '../groups.ts';
import { contentAt, element, integer, tags } from './der.ts';

/** PKCS #3 `dhKeyAgreement`, 1.2.840.113549.1.3.1, as a DER object identifier. */
const dhKeyAgreement = '06092a864886f70d010301';
const version = integer(0n);

/**
 * base^exponent mod N with nothing to set up first. A PKCS #8 file holds a Diffie-Hellman private key x without its
 * public value, so OpenSSL computes g^x when it reads one (`BN_mod_exp_mont_consttime`); the public key's file has it.
 * @param base in 2..N-2
 * @param exponent at least 1
 */
export function importedKeyPower(base: bigint, exponent: bigint, { N }: SrpGroup): bigint {
  const parameters = element(tags.sequence, integer(N) + integer(base));
  const algorithm = element(tags.sequence, dhKeyAgreement + parameters);
  const secret = element(tags.octetString, integer(exponent));
  const key = Buffer.from(element(tags.sequence, version + algorithm + secret), 'hex');
  try {
    const pair = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    return publicValueOf(createPublicKey(pair).export({ format: 'der', type: 'spki' }));
  } finally {
    key.fill(0);
  }
}

/** SubjectPublicKeyInfo: a sequence of the algorithm and a bit string, whose content is a zero byte and an integer. */
function publicValueOf(spki: Buffer): bigint {
  const algorithm = contentAt(spki, contentAt(spki, 0).start);
  const bits = contentAt(spki, algorithm.end);
  const value = contentAt(spki, bits.start + 1);
  return BigInt(`0x${spki.toString('hex', value.start, value.end)}`);
}
