/** As much of MessagePack as Terraform sends values in: https://github.com/msgpack/msgpack/blob/master/spec.md */

/** A value that is known only after apply; on the wire, an extension. */
export const unknown: unique symbol = Symbol('unknown');

export type Value = null | boolean | number | string | typeof unknown | Value[] | { [name: string]: Value };

export function decode(buffer: Buffer): Value {
  let at = 0;
  const take = (length: number) => {
    at += length;
    return buffer.subarray(at - length, at);
  };
  const unsigned = (length: number) => take(length).readUIntBE(0, length);
  const text = (length: number) => take(length).toString('utf8');
  const list = (length: number) => Array.from({ length }, value);
  const map = (length: number) => {
    const entries: [string, Value][] = [];
    for (let index = 0; index < length; index += 1) entries.push([String(value()), value()]);
    return Object.fromEntries(entries);
  };
  const extension = (length: number): Value => {
    take(1 + length);
    return unknown;
  };
  const byFirstByte: Readonly<Record<number, () => Value>> = {
    192: () => null,
    194: () => false,
    195: () => true,
    196: () => text(unsigned(1)),
    197: () => text(unsigned(2)),
    198: () => text(unsigned(4)),
    199: () => extension(unsigned(1)),
    200: () => extension(unsigned(2)),
    201: () => extension(unsigned(4)),
    202: () => take(4).readFloatBE(),
    203: () => take(8).readDoubleBE(),
    204: () => unsigned(1),
    205: () => unsigned(2),
    206: () => unsigned(4),
    207: () => Number(take(8).readBigUInt64BE()),
    208: () => take(1).readInt8(),
    209: () => take(2).readInt16BE(),
    210: () => take(4).readInt32BE(),
    211: () => Number(take(8).readBigInt64BE()),
    212: () => extension(1),
    213: () => extension(2),
    214: () => extension(4),
    215: () => extension(8),
    216: () => extension(16),
    217: () => text(unsigned(1)),
    218: () => text(unsigned(2)),
    219: () => text(unsigned(4)),
    220: () => list(unsigned(2)),
    221: () => list(unsigned(4)),
    222: () => map(unsigned(2)),
    223: () => map(unsigned(4)),
  };
  function value(): Value {
    const first = unsigned(1);
    if (first < 0x80) return first;
    if (first < 0x90) return map(first & 0x0f);
    if (first < 0xa0) return list(first & 0x0f);
    if (first < 0xc0) return text(first & 0x1f);
    if (first >= 0xe0) return first - 0x100;
    const decoded = byFirstByte[first];
    if (decoded === undefined) throw new Error(`MessagePack has no type ${first}`);
    return decoded();
  }
  return value();
}

export function encode(value: Value): Buffer {
  if (value === unknown) return Buffer.from([0xd4, 0, 0]);
  if (value === null) return Buffer.from([0xc0]);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xc3 : 0xc2]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9, 0xcb);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (typeof value === 'string') {
    const content = Buffer.from(value);
    return Buffer.concat([head(0xdb, content.length), content]);
  }
  if (Array.isArray(value)) return Buffer.concat([head(0xdd, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([
    head(0xdf, entries.length),
    ...entries.flatMap(([name, each]) => [encode(name), encode(each)]),
  ]);
}

function head(first: number, length: number): Buffer {
  const bytes = Buffer.alloc(5, first);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}
