import { createHash } from 'node:crypto';
import { createDigest, hexOf } from '../../../../client/blob/digest.ts';
import { cut, piecesOf, readingOf, streamOf } from '../../../../client/blob/source.ts';
import { collect } from '../../../support/sdk.ts';

async function* pieces(...sizes: number[]) {
  let next = 0;
  for (const size of sizes) yield Uint8Array.from({ length: size }, () => next++);
}

const cutIn = async (size: number, ...sizes: number[]) =>
  (await collect(cut(pieces(...sizes), size))).map(({ bytes, last }) => [[...bytes], last]);

describe('cut', () => {
  it('makes pieces of one size, whatever they come in, and knows which is the last', async () => {
    const expected = [
      [[0, 1, 2], false],
      [[3, 4, 5], false],
      [[6], true],
    ];
    expect(await cutIn(3, 7)).toEqual(expected);
    expect(await cutIn(3, 1, 1, 5)).toEqual(expected);
    expect(await cutIn(3, 0, 4, 0, 3, 0)).toEqual(expected);
  });

  it('has a last piece that is full, and one that is empty', async () => {
    expect(await cutIn(3, 6)).toEqual([
      [[0, 1, 2], false],
      [[3, 4, 5], true],
    ]);
    expect(await cutIn(3)).toEqual([[[], true]]);
    expect(await cutIn(3, 0)).toEqual([[[], true]]);
  });
});

describe('a source', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);
  const joined = async (all: AsyncIterable<Uint8Array>) => Buffer.concat(await collect(all));

  it.each([
    ['bytes', bytes],
    ['a file', new Blob([bytes])],
    ['a stream each time', () => new Blob([bytes]).stream()],
    ['an iterator each time', async () => piecesOf(new Blob([bytes]).stream())],
  ])('is read again from its beginning: %s', async (_name, source) => {
    const read = readingOf(source, 0);
    expect([...(await joined(read()))]).toEqual([1, 2, 3, 4]);
    expect([...(await joined(read()))]).toEqual([1, 2, 3, 4]);
  });

  it('is opened once if it is short enough to be kept', async () => {
    for (const [keep, openings] of [
      [4, 1],
      [3, 3],
    ] as const) {
      let opened = 0;
      const read = readingOf(() => {
        opened += 1;
        return new Blob([bytes]).stream();
      }, keep);
      for (let time = 0; time < 3; time += 1) expect([...(await joined(read()))]).toEqual([1, 2, 3, 4]);
      expect(opened).toBe(openings);
    }
  });

  it('that breaks off while it is read is not kept', async () => {
    let broken = true;
    const read = readingOf(async function* () {
      yield bytes;
      if (broken) throw new Error('unplugged');
    }, 100);
    await expect(joined(read())).rejects.toThrow('unplugged');
    broken = false;
    expect([...(await joined(read()))]).toEqual([1, 2, 3, 4]);
  });
});

describe('streamOf', () => {
  it('reads as it is asked, and gives up when its reader goes', async () => {
    let given = 0;
    let ended = false;
    const stream = streamOf(
      (async function* () {
        try {
          for (;;) yield Uint8Array.of(given++);
        } finally {
          ended = true;
        }
      })(),
    );
    const reader = stream.getReader();
    expect((await reader.read()).value).toEqual(Uint8Array.of(0));
    expect(given).toBe(1);
    await reader.cancel();
    expect(ended).toBe(true);
  });
});

describe('createDigest', () => {
  it.each([
    ['piece by piece', globalThis],
    ['at the end, as browsers must', {}],
  ])('hashes %s', async (_name, host) => {
    const digest = createDigest(host);
    for await (const piece of pieces(10, 0, 300)) digest.update(piece);
    const whole = Buffer.from(Array.from({ length: 310 }, (_, at) => at % 256));
    expect(await hexOf(digest)).toBe(createHash('sha256').update(whole).digest('hex'));
  });
});
