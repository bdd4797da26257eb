import type { SessionContext } from '../../shared/platform/context.ts';
import type { Stored } from '../../shared/store/database.ts';
import { ChunkGone } from '../blob/contents.ts';
import { collectBuffers } from '../blob/memory.ts';
import type { Holding, Owner } from './holding.ts';
import { ofAccount, ofGroups } from './holdings.ts';

const readMe = [
  'This is everything that this server holds of your account, read while it was in use: each row is as it stood when it was read.',
  'Each member is a list of rows, one to a line. `path` is where a row stands in the store; the last part of it is its id. Times are milliseconds since 1970, or ISO 8601.',
  'What you saved is encrypted, here as on the server: your passphrase opens `account`, that opens `links` and `keys`, and those open `resources`, `history` and `blobs`.',
  'The document is whole if it ends with `"complete": true`.',
];

/** One JSON document, row by row: no more of it in memory than a page of documents, or a chunk of a blob. */
export async function* exportText(owner: Owner, context: SessionContext): AsyncIterable<Uint8Array> {
  const holdings = [...ofAccount, ...ofGroups];
  const members = Object.fromEntries(holdings.map(({ name, about }) => [name, about]));
  const about = { format: 'nightvault-export', version: 1, made: context.clock.now(), readMe, members };
  yield utf8(`{"about":${JSON.stringify(about)}`);
  for (const holding of holdings) {
    yield utf8(`,\n"${holding.name}":[`);
    let separator = '\n';
    for await (const page of holding.pages(owner, context)) {
      for (const row of page) {
        yield utf8(separator);
        yield* rowText(holding, row, context);
        separator = ',\n';
      }
      collectBuffers();
    }
    yield utf8(']');
  }
  yield utf8(',\n"complete":true}\n');
}

async function* rowText(holding: Holding, row: Stored<object>, context: SessionContext): AsyncIterable<Uint8Array> {
  const { show = (data) => data, bytes } = holding;
  const text = JSON.stringify({ path: row.ref.path, ...show(row.data) });
  if (bytes === undefined) {
    yield utf8(text);
    return;
  }
  yield utf8(`${text.slice(0, -1)},"data":[`);
  yield* base64Texts(bytes(row, context));
  yield utf8('}');
}

/** The end of the list, too: what is gone from the store while it is read is said to be gone. */
async function* base64Texts(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let separator = '';
  try {
    for await (const chunk of chunks) {
      yield utf8(`${separator}"${Buffer.from(chunk).toString('base64')}"`);
      separator = ',';
    }
  } catch (error) {
    if (!(error instanceof ChunkGone)) throw error;
    yield utf8('],"deletedMeanwhile":true');
    return;
  }
  yield utf8(']');
}

const utf8 = (text: string): Uint8Array => Buffer.from(text);
