import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { entropyToMnemonic, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { fingerprintWords, randomWords } from '../../../shared/crypto/words.ts';

const vectors: { fingerprint: string; words: string }[] = JSON.parse(
  readFileSync('test/vectors/fingerprints.json', 'utf8'),
);

describe('the words of a fingerprint', () => {
  it.each(vectors)('are those of the vectors: $fingerprint', async ({ fingerprint, words }) => {
    expect((await fingerprintWords(fingerprint)).join(' ')).toBe(words);
  });

  it('are what another implementation of BIP-39 makes of its first half', async () => {
    for (let round = 0; round < 200; round++) {
      const bytes = randomBytes(32);
      const fingerprint = bytes.toString('hex').replaceAll(/.{4}(?!$)/g, '$& ');
      const words = (await fingerprintWords(fingerprint)).join(' ');
      expect(words).toBe(entropyToMnemonic(bytes.subarray(0, 16), wordlist));
      expect(validateMnemonic(words, wordlist)).toBe(true);
    }
  });

  it('are not made of what is no fingerprint', async () => {
    for (const text of ['', 'abcd', `${'ab'.repeat(31)}zz`, 'AB'.repeat(32), 'ab'.repeat(33)]) {
      await expect(fingerprintWords(text)).rejects.toMatchObject({
        code: 'HEX_INVALID',
        message: 'Expected exactly 64 lower-case hex characters.',
      });
    }
  });
});

describe('random words', () => {
  it('come from the whole list, each anew', () => {
    const drawn = [...randomWords(30_000), ...randomWords(30_000)];
    expect(drawn.every((word) => wordlist.includes(word))).toBe(true);
    // 60,000 draws leave one of 2048 words out with probability 2048 * (2047/2048)^60000 < 10^-9.
    expect(new Set(drawn).size).toBe(wordlist.length);
    expect(randomWords(6)).not.toEqual(randomWords(6));
  });
});
