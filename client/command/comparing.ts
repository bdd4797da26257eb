import { fingerprintWords } from '../../shared/crypto/words.ts';
import type { Compare } from '../index.ts';
import type { Context } from './context.ts';
import type { Input, Option } from './definition.ts';
import { usage } from './failures.ts';
import { printable } from './layout.ts';

/** What was given of `--fingerprint`: of one person, or of several by their addresses. */
type Given = string | undefined | ReadonlyMap<string, string>;

/**
 * Whether a key is its owner's: it has the fingerprint that was given, or the person at the terminal says so after
 * having compared it. The server, which hands out the keys, has no say.
 */
export function comparing({ world, paintError: paint }: Context, given: Given): Compare {
  return async ({ email, fingerprint }) => {
    const words = await fingerprintWords(fingerprint);
    const told = typeof given === 'object' ? given.get(email) : given;
    if (told !== undefined) return bare(told) === bare(fingerprint) || inWords(told) === words.join(' ');
    if (!world.asking.possible) {
      const why = `This key of ${printable(email)} was not compared here yet, and nobody can be asked whether it is theirs.`;
      const named = typeof given === 'object' ? `--fingerprint '${printable(email)}=…'` : '--fingerprint';
      throw usage(
        'A key was not compared.',
        why,
        `Ask them for their fingerprint (nightvault whoami), and give it with ${named}.`,
      );
    }
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

/** Of commands that give a fresh key to several people. */
export const fingerprints = {
  name: 'fingerprint',
  value: 'ADDRESS=FINGERPRINT',
  many: true,
  about: 'the fingerprint, or its twelve words, that the owner of this address has told you: taken without asking',
} as const satisfies Option;

/** For the keys of several people, by what was given of each. @throws {CommandFailed} where one is no such pair */
export function comparingEach(context: Context, input: Input): Compare {
  const pairs = input.list(fingerprints.name).map((given): [string, string] => {
    const [, address = '', fingerprint = ''] = /^([^=]+)=(.+)$/.exec(given) ?? [];
    if (address !== '') return [address.trim().toLowerCase(), fingerprint];
    throw usage(
      'That is no fingerprint of somebody.',
      `"${printable(given)}" has no "=".`,
      `Write ${fingerprints.value}.`,
    );
  });
  return comparing(context, new Map(pairs));
}

const inWords = (told: string): string => told.trim().toLowerCase().split(/\s+/).join(' ');

const bare = (fingerprint: string): string => fingerprint.replace(/[^0-9a-f]/gi, '').toLowerCase();
