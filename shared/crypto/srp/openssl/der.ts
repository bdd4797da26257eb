/** The ASN.1 types that a Diffie-Hellman private key is written in (X.690). */
export const tags = { integer: '02', octetString: '04', sequence: '30' } as const;

/** One DER element in hex: its tag, the length of its content, its content. */
export function element(tag: (typeof tags)[keyof typeof tags], content: string): string {
  const length = content.length / 2;
  if (length < 0x80) return tag + length.toString(16).padStart(2, '0') + content;
  if (length < 0x100) return `${tag}81${length.toString(16)}${content}`;
  return `${tag}82${length.toString(16).padStart(4, '0')}${content}`;
}

/** A non-negative integer in the one form that DER allows: no superfluous zero byte, the top bit clear. */
export function integer(value: bigint): string {
  const digits = value.toString(16);
  if (digits.length % 2 === 1) return element(tags.integer, `0${digits}`);
  return element(tags.integer, digits < '8' ? digits : `00${digits}`);
}

/** Where the content of the element at an offset begins and ends. */
export function contentAt(der: Uint8Array, offset: number): { readonly start: number; readonly end: number } {
  const first = der[offset + 1] ?? 0;
  if (first < 0x80) return { start: offset + 2, end: offset + 2 + first };
  const start = offset + 2 + (first & 0x7f);
  let length = 0;
  for (let at = offset + 2; at < start; at++) length = length * 256 + (der[at] ?? 0);
  return { start, end: start + length };
}
