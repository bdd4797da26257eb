/**
 * Prints vectors for the words of a fingerprint, for fingerprints.json. The words are @scure/bip39's, of the first
 * sixteen bytes; the fingerprints come from counters, so a second run prints the same:
 *
 *     node test/vectors/make-fingerprints.ts > test/vectors/fingerprints.json
 */
import { createHash } from 'node:crypto';
import { entropyToMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';

const counters = Array.from({ length: 4 }, (_, index) => createHash('sha256').update(`fingerprint ${index}`).digest());
const vectors = [Buffer.alloc(32), Buffer.alloc(32, 0xff), ...counters].map((bytes) => ({
  fingerprint: bytes.toString('hex').replaceAll(/.{4}(?!$)/g, '$& '),
  words: entropyToMnemonic(bytes.subarray(0, 16), wordlist),
}));
process.stdout.write(`${JSON.stringify(vectors, null, 2)}\n`);
