import { constants, crc32, deflateRawSync } from 'node:zlib';

/** 1980-01-01 00:00, the first moment that a zip can name: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
const date = (1 << 5) | 1;
const regularFile = 0o100644;

/** A zip archive whose bytes depend on these files only: sorted names, one time, one mode. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  const names = Object.keys(files).sort();
  for (const name of names) {
    const content = Buffer.from(files[name] ?? '');
    const packed = deflateRawSync(content, { level: constants.Z_BEST_COMPRESSION });
    const facts = fields([
      [20, 2], // version needed
      [0, 2], // flags
      [8, 2], // deflate
      [0, 2], // time
      [date, 2],
      [crc32(content), 4],
      [packed.length, 4],
      [content.length, 4],
      [Buffer.byteLength(name), 2],
      [0, 2], // extra field
    ]);
    const body = Buffer.concat([fields([[0x04034b50, 4]]), facts, Buffer.from(name), packed]);
    bodies.push(body);
    directory.push(
      fields([
        [0x02014b50, 4],
        [(3 << 8) | 20, 2], // made on Unix, so that the mode counts
      ]),
      facts,
      fields([
        [0, 2], // comment
        [0, 2], // disk
        [0, 2], // internal attributes
        [regularFile * 0x10000, 4],
        [offset, 4],
      ]),
      Buffer.from(name),
    );
    offset += body.length;
  }
  const entries = Buffer.concat(directory);
  const end = fields([
    [0x06054b50, 4],
    [0, 4],
    [names.length, 2],
    [names.length, 2],
    [entries.length, 4],
    [offset, 4],
    [0, 2],
  ]);
  return Buffer.concat([...bodies, entries, end]);
}

function fields(values: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  const parts = values.map(([value, bytes]) => {
    const part = Buffer.alloc(bytes);
    part.writeUIntLE(value, 0, bytes);
    return part;
  });
  return Buffer.concat(parts);
}
