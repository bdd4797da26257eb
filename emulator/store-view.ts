import { type DatabasePlace, everyDocument, type RestValue } from './firestore-rest.ts';

/** A document as stored, and the collections under it. `fields` is missing where only something under it exists. */
export interface DocumentView {
  fields?: Readonly<Record<string, unknown>>;
  collections?: CollectionsView;
}

/** Collection id → document id → document. */
export type CollectionsView = Record<string, Record<string, DocumentView>>;

/** Longer bytes are told by their number: nobody reads a chunk of a blob, and the page would choke on hundreds. */
const longestBytes = 1024;

/** Everything in Firestore: bytes as base64 up to 1 KiB, times as ISO 8601, integers too large for a number as text. */
export async function storeView(place: DatabasePlace): Promise<CollectionsView> {
  const root: CollectionsView = bare();
  for (const { name, fields = {} } of await everyDocument(place)) {
    const [collection = '', id = '', ...below] = name.split('/').slice(5);
    documentAt(root, collection, id, below).fields = plainFields(fields);
  }
  return root;
}

function documentAt(within: CollectionsView, collection: string, id: string, below: readonly string[]): DocumentView {
  within[collection] ??= bare();
  const siblings = within[collection];
  siblings[id] ??= {};
  const document = siblings[id];
  const [nextCollection, nextId, ...rest] = below;
  if (nextCollection === undefined || nextId === undefined) return document;
  document.collections ??= bare();
  return documentAt(document.collections, nextCollection, nextId, rest);
}

/** An object that inherits nothing: clients choose some of the ids, and one may be called `constructor`. */
const bare = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

const plainFields = (fields: Readonly<Record<string, RestValue>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]));

/** https://cloud.google.com/firestore/docs/reference/rest/v1/Value */
function plain(value: RestValue): unknown {
  const [kind, inner] = Object.entries(value)[0] ?? [];
  switch (kind) {
    case 'nullValue':
      return null;
    case 'integerValue':
      return Number.isSafeInteger(Number(inner)) ? Number(inner) : inner;
    case 'arrayValue':
      return ((inner as { values?: RestValue[] }).values ?? []).map(plain);
    case 'mapValue':
      return plainFields((inner as { fields?: Record<string, RestValue> }).fields ?? {});
    case 'bytesValue':
      return shortBytes(String(inner));
    default:
      return inner;
  }
}

function shortBytes(base64: string): string {
  const length = Buffer.byteLength(base64, 'base64');
  return length > longestBytes ? `${length.toLocaleString('en')} bytes` : base64;
}
