/** The folder's own folder: state, and what is on its way. Nothing of it is ever synced. */
export const ownFolder = '.nightvault';

/** UTF-8 bytes that every file system takes for one name, less what a conflict adds; and for a whole path. */
const nameBytes = 220;
const pathBytes = 900;

/** Names of devices on Windows, with any extension. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
const forbidden = /[<>:"|?*\\\p{Cc}]/u;
const bytes = (text: string): number => new TextEncoder().encode(text).length;

/**
 * Whether a path can be written in every folder on every system, inside of it and nowhere else. Paths are relative, with
 * `/` between names, in Unicode's form NFC.
 * @returns what is wrong with it, or undefined
 */
export function pathFault(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (!path.isWellFormed()) return 'it is no well-formed Unicode';
  if (path !== path.normalize('NFC')) return 'its accents are spelled in another form than NFC';
  if (bytes(path) > pathBytes) return `it is longer than ${pathBytes} bytes`;
  const names = path.split('/');
  if (isOwn(names[0] ?? '')) return `${ownFolder} is nightvault's own folder`;
  for (const name of names) {
    const fault = nameFault(name);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'it begins or ends with a slash, or has two in a row';
  if (name === '.' || name === '..') return `it holds the name "${name}"`;
  const character = forbidden.exec(name)?.[0];
  if (character !== undefined) return `it holds the character ${JSON.stringify(character)}, which some systems refuse`;
  if (/[. ]$/.test(name)) return 'a name in it ends with a dot or a space, which some systems drop';
  if (device.test(name)) return `"${name}" is the name of a device on Windows`;
  if (bytes(name) > nameBytes) return `a name in it is longer than ${nameBytes} bytes`;
  return undefined;
}

/** Some systems take other spellings for the same name: other case, invisible characters, the short form of Windows. */
function isOwn(name: string): boolean {
  const seen = name.replace(/\p{Default_Ignorable_Code_Point}/gu, '').toLowerCase();
  return seen === ownFolder || /^nightv?~\d+$/.test(seen);
}

/** Two paths with one key cannot stand beside each other on every system. */
export const collisionKey = (path: string): string => path.normalize('NFC').toLowerCase();

/** The folders a path stands in, outermost first. */
export function foldersOf(path: string): string[] {
  const names = path.split('/');
  return names.slice(1).map((_name, index) => names.slice(0, index + 1).join('/'));
}

/** What a conflict's other version is told apart by. */
export interface Losing {
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly edited: number;
}

/**
 * Where the version goes that did not keep its path: beside it, by day and content, so that every device calls it the
 * same. `notes.md` becomes `notes (conflict 2026-01-31 1a2b3c4d).md`.
 * @param turn counts up while the name is taken by something else
 */
export function conflictPath(path: string, { sha256, edited }: Losing, turn = 0): string {
  const [, folder = '', name = ''] = /^(.*\/)?([^/]*)$/.exec(path) ?? [];
  const [, stem = '', extension = ''] = /^(.+?)(\.[^.]{1,20})?$/.exec(name) ?? [];
  const day = new Date(Math.min(edited, 8e15)).toISOString().slice(0, 10);
  const mark = ` (conflict ${day} ${sha256.slice(0, 8)}${turn === 0 ? '' : ` ${turn}`})`;
  const plain = stem.replace(/ \(conflict \d{4}-\d\d-\d\d [0-9a-f]{8}( \d+)?\)$/, '');
  return `${folder}${shortened(plain, nameBytes - bytes(mark) - bytes(extension))}${mark}${extension}`;
}

function shortened(text: string, most: number): string {
  let short = text;
  while (bytes(short) > most)
    short = short
      .slice(0, -1)
      .toWellFormed()
      .replace(/\uFFFD$/, '');
  return short.trimEnd();
}
