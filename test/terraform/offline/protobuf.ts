/** As much of protobuf's encoding as Terraform's plugin protocol needs: https://protobuf.dev/programming-guides/encoding/ */

const varint = 0;
const lengthDelimited = 2;

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

const tag = (field: number, wireType: number) => encodeVarint(field * 8 + wireType);

/** A field that is a number, a bool or an enum; absent when it has its default. */
export const integer = (field: number, value: number | boolean | undefined): Buffer =>
  value ? chosen(field, Number(value)) : Buffer.alloc(0);

/** The same, present even when zero: one of several fields of which exactly one is. */
export const chosen = (field: number, value: number): Buffer =>
  Buffer.concat([tag(field, varint), encodeVarint(value)]);

/** A field that is a message, bytes or text. */
export function bytes(field: number, value: Uint8Array | string): Buffer {
  const content = Buffer.from(value);
  return Buffer.concat([tag(field, lengthDelimited), encodeVarint(content.length), content]);
}

/** A text field; absent when empty. */
export const text = (field: number, value: string): Buffer => (value === '' ? Buffer.alloc(0) : bytes(field, value));

export const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);

/** The length-delimited fields of a message, by number; of a repeated one the last. */
export function read(buffer: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 0;
  const next = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = buffer[at++];
      if (byte === undefined) throw new Error('the message ends within a number');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < buffer.length) {
    const key = next();
    if (key % 8 === varint) {
      next();
    } else if (key % 8 === lengthDelimited) {
      const length = next();
      found.set(Math.floor(key / 8), buffer.subarray(at, at + length));
      at += length;
    } else {
      throw new Error(`wire type ${key % 8} is not expected`);
    }
  }
  return found;
}
