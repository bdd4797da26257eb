/** Something whose traces are searched for, in every form it could have been written in. */
export interface Mark {
  readonly what: string;
  /** Form → text to search for. */
  readonly forms: ReadonlyMap<string, string>;
}

/** A text that came out of the system, and where. */
export interface Evidence {
  readonly place: string;
  readonly text: string;
}

export interface Finding {
  readonly what: string;
  readonly form: string;
  readonly place: string;
}

/** Shorter ones would be found by chance. */
const shortest = 16;

/** A mark that is a text, such as a passphrase. */
export function textMark(what: string, text: string): Mark {
  const bytes = Buffer.from(text);
  const plain = [
    ['raw', text],
    ['JSON', JSON.stringify(text).slice(1, -1)],
    ['URI-encoded', encodeURIComponent(text)],
  ] as const;
  return mark(what, bytes, plain);
}

/** A mark that is bytes, such as a key. */
export const bytesMark = (what: string, bytes: Uint8Array): Mark =>
  mark(what, Buffer.from(bytes), [['raw', Buffer.from(bytes).toString('latin1')]]);

/** A key that is written as a text somewhere: marked as that text and as its bytes. */
export const keyMarks = (what: string, text: string, encoding: 'hex' | 'base64url'): Mark[] => [
  textMark(`${what} (text)`, text),
  bytesMark(what, Buffer.from(text, encoding)),
];

export function search(marks: readonly Mark[], evidence: readonly Evidence[]): Finding[] {
  return evidence.flatMap(({ place, text }) =>
    marks.flatMap(({ what, forms }) =>
      [...forms].filter(([, needle]) => text.includes(needle)).map(([form]) => ({ what, form, place })),
    ),
  );
}

function mark(what: string, bytes: Buffer, plain: readonly (readonly [string, string])[]): Mark {
  if (bytes.length < shortest) throw new Error(`The mark "${what}" is too short to be searched for.`);
  const hex = bytes.toString('hex');
  const encoded = [0, 1, 2].flatMap((offset) => [
    [`base64 at offset ${offset}`, inside(bytes, offset, 'base64')] as const,
    [`base64url at offset ${offset}`, inside(bytes, offset, 'base64url')] as const,
  ]);
  return { what, forms: new Map([...plain, ['hex', hex], ['HEX', hex.toUpperCase()], ...encoded]) };
}

/** The part of the base64 of a longer text that depends on these bytes alone, when they begin at this offset of three. */
function inside(bytes: Buffer, offset: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString(encoding);
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
