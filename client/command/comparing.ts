import { fingerprintWords } from '../../shared/crypto/words.ts';
import type { Compare } from '../index.ts';
import type { Context } from './context.ts';
import { usage } from './failures.ts';
import { printable } from './layout.ts';

/**
 * Whether a key is its owner's: it has the fingerprint that was given, or the person at the terminal says so after
 * having compared it. The server, which hands out the keys, has no say.
 * @param given of `--fingerprint`
 */
export function comparing({ world, paintError: paint }: Context, given: string | undefined): Compare {
  return async ({ email, fingerprint }) => {
    if (given !== undefined) return bare(given) === bare(fingerprint);
    if (!world.asking.possible) {
      const why = `The key of ${printable(email)} was never seen here, and nobody can be asked whether it is theirs.`;
      const remedy = `Ask them for their fingerprint (nightvault whoami), and give it with --fingerprint.`;
      throw usage('A key was not compared.', why, remedy);
    }
    const words = await fingerprintWords(fingerprint);
    world.stderr(
      [
        `The server says that this is the key of ${printable(email)}:`,
        '',
        paint.cyan(fingerprint),
        paint.cyan(words.join(' ')),
        '',
        'Ask them for theirs (nightvault whoami) over another channel, such as the phone.',
        '',
      ].join('\n'),
    );
    return world.asking.sure('Are the two the same?');
  };
}

const bare = (fingerprint: string): string => fingerprint.replace(/[^0-9a-f]/gi, '').toLowerCase();
