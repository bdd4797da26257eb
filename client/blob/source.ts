/**
 * What is to be uploaded: bytes, a file of a browser, or a function that opens the same stream each time it is called. It
 * is read up to three times, and must not change meanwhile.
 */
export type BlobSource = Uint8Array<ArrayBuffer> | Blob | (() => Stream | Promise<Stream>);

type Stream = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** A source, and again from its beginning at each call. A piece is good until the next is asked for. */
export type Reading = () => AsyncIterable<Uint8Array>;

/** What is short enough is read once and kept. */
export function readingOf(source: BlobSource, keepUpTo: number): Reading {
  let kept: Uint8Array<ArrayBuffer>[] | undefined;
  return async function* read() {
    if (kept !== undefined) return yield* kept;
    let pieces: Uint8Array<ArrayBuffer>[] | undefined = [];
    let size = 0;
    for await (const piece of open(source)) {
      size += piece.length;
      if (size > keepUpTo) pieces = undefined;
      pieces?.push(new Uint8Array(piece));
      yield piece;
    }
    kept = pieces;
  };
}

async function* open(source: BlobSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) yield source;
  else yield* piecesOf(await (source instanceof Blob ? source.stream() : source()));
}

/** Not every browser can iterate over a stream. */
export async function* piecesOf(stream: Stream): AsyncGenerator<Uint8Array> {
  if (!(stream instanceof ReadableStream)) return yield* stream;
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value;
    }
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    if (!ended) await reader.cancel();
  }
}

/** What follows the first so many bytes. */
export async function* without(first: number, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = first;
  for await (const piece of pieces) {
    if (piece.length > left) yield piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}

/** The same bytes in pieces of one size, the last as long as it is: empty only where there are no bytes at all. */
export async function* cut(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly last: boolean }> {
  let filling = new Uint8Array(size);
  let filled = 0;
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length; ) {
      if (filled === size) {
        yield { bytes: filling, last: false };
        filling = new Uint8Array(size);
        filled = 0;
      }
      const some = piece.subarray(from, from + size - filled);
      filling.set(some, filled);
      filled += some.length;
      from += some.length;
    }
  }
  yield { bytes: filling.subarray(0, filled), last: true };
}

/** An iterator as a stream: read as it is asked for, given up when the reader goes. */
export function streamOf(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
