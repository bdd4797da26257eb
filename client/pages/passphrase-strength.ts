/** How hard a passphrase is to guess. What is `weak` is refused: whoever has the server's data could try. */
export interface Strength {
  readonly level: 'weak' | 'fair' | 'strong';
  /** As many bits as somebody would have to try who knows how people choose. Rather too few than too many. */
  readonly bits: number;
}

const fairBits = 40;
const strongBits = 60;
/** A word out of a list of a few thousand, wherever it stands. */
const wordBits = 12;
const guessedFirst = [
  'password',
  'passwort',
  'passphrase',
  'letmein',
  'iloveyou',
  'welcome',
  'admin',
  'monkey',
  'dragon',
  'sunshine',
  'princess',
  'football',
  'secret',
  'qwerty',
  'qwertz',
  'azerty',
  'asdf',
  'zxcv',
  'nightvault',
  'insomnia',
];
const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/**
 * @param personal what a stranger would try first for this person: address and names
 */
export function strengthOf(passphrase: string, personal: readonly string[] = []): Strength {
  const text = passphrase.trim().normalize('NFKD');
  const known = [...guessedFirst, ...personal.flatMap(partsOf)];
  const parts = text.match(/\p{L}+|\p{N}+|[^\p{L}\p{N}]+/gu) ?? [];
  const seen = new Set<string>();
  let bits = 0;
  for (const part of parts) {
    bits += seen.has(part) ? 1 : bitsOf(part, known);
    seen.add(part);
  }
  const rounded = Math.floor(bits);
  return { bits: rounded, level: rounded < fairBits ? 'weak' : rounded < strongBits ? 'fair' : 'strong' };
}

const partsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part.length >= 3);

function bitsOf(part: string, known: readonly string[]): number {
  const lower = part.toLowerCase();
  if (known.includes(lower)) return 3;
  if (part.length > 2 && (isRun(lower) || new Set(lower).size === 1)) return 4;
  if (/^[^\p{L}\p{N}]+$/u.test(part)) return /^\s+$/.test(part) ? 1 : part.length * 4;
  if (/^\p{N}+$/u.test(part)) return part.length * 3.3;
  if (/^[a-z]+$/i.test(part)) return asWord(part, lower);
  return [...part].length * 5;
}

/** Letters are a word, unless capitals stand where no word has them. */
function asWord(part: string, lower: string): number {
  const plain = part === lower || part === part.toUpperCase() || part.slice(1) === lower.slice(1);
  if (plain) return Math.min(part.length * 4.7, wordBits) + (part === lower ? 0 : 1);
  return part.length * 5;
}

const isRun = (lower: string): boolean =>
  rows.some((row) => row.includes(lower) || [...row].reverse().join('').includes(lower));
