import type { DocumentSnapshot, Firestore, Timestamp, WriteBatch } from '@google-cloud/firestore';
import {
  CommitConflict,
  type Database,
  type Found,
  type Projection,
  type Query,
  type Ref,
  type Stored,
  StoreUnavailable,
  type Write,
} from './database.ts';

/** gRPC status codes, https://grpc.io/docs/guides/status-codes/ */
const conflicts = new Set([5, 6, 9, 10]);
const unavailable = new Set([4, 8, 13, 14]);

export interface FirestoreSettings {
  readonly projectId: string;
  readonly databaseId: string;
}

type Client = {
  readonly firestore: Firestore;
  readonly fieldValue: typeof import('@google-cloud/firestore').FieldValue;
  readonly aggregateField: typeof import('@google-cloud/firestore').AggregateField;
  readonly fieldPath: typeof import('@google-cloud/firestore').FieldPath;
};

/** The Database on Firestore. The client takes a quarter of a second to load, so it is loaded at the first use. */
export function firestoreDatabase(settings: FirestoreSettings): Database & { close(): Promise<void> } {
  let client: Promise<Client> | undefined;
  const open = () => {
    client ??= connect(settings);
    return client;
  };
  return {
    get: async <const R extends readonly Ref<unknown>[]>(...refs: R) => {
      if (refs.length === 0) return [] as Found<R>;
      const { firestore } = await open();
      const snapshots = await guarded(() => firestore.getAll(...refs.map(({ path }) => firestore.doc(path))));
      return snapshots.map(stored) as Found<R>;
    },
    list: async <T, K extends keyof T & string = keyof T & string>(query: Query<T> & Projection<K>) => {
      const { firestore, fieldPath } = await open();
      const { fields, after } = query;
      const built = build(firestore, query);
      const whole = after === undefined ? built : built.orderBy(fieldPath.documentId()).startAfter(after);
      const { docs } = await guarded(() => (fields === undefined ? whole : whole.select(...fields)).get());
      return docs.map((snapshot) => stored<Pick<T, K>>(snapshot)).filter((found) => found !== undefined);
    },
    sum: async (query, field) => {
      const { firestore, aggregateField } = await open();
      const sum = aggregateField.sum(field);
      const snapshot = await guarded(() => build(firestore, query).aggregate({ sum }).get());
      return snapshot.data().sum;
    },
    count: async (query) => {
      const { firestore } = await open();
      const snapshot = await guarded(() => build(firestore, query).count().get());
      return snapshot.data().count;
    },
    commit: async (writes) => {
      if (writes.length === 0) return;
      const { firestore, fieldValue } = await open();
      const batch = firestore.batch();
      for (const write of writes) add(batch, firestore, fieldValue, write);
      try {
        await guarded(() => batch.commit());
      } catch (error) {
        throw conflicts.has(grpcCode(error)) ? new CommitConflict(error) : error;
      }
    },
    close: async () => {
      if (client !== undefined) await (await client).firestore.terminate();
    },
  };
}

async function connect({ projectId, databaseId }: FirestoreSettings): Promise<Client> {
  const { AggregateField, FieldPath, FieldValue, Firestore } = await import('@google-cloud/firestore');
  const firestore = new Firestore({ projectId, databaseId });
  return { firestore, fieldValue: FieldValue, aggregateField: AggregateField, fieldPath: FieldPath };
}

function add(batch: WriteBatch, firestore: Firestore, fieldValue: Client['fieldValue'], write: Write): void {
  const document = firestore.doc(write.path);
  switch (write.kind) {
    case 'create':
      batch.create(document, write.data);
      break;
    case 'set':
      batch.set(document, write.data);
      break;
    case 'update':
      batch.update(document, write.data, { lastUpdateTime: write.revision as Timestamp });
      break;
    case 'delete':
      if (write.revision === undefined) batch.delete(document);
      else batch.delete(document, { lastUpdateTime: write.revision as Timestamp });
      break;
    case 'increment':
      batch.set(document, { ...write.data, [write.field]: fieldValue.increment(write.by) }, { merge: true });
      break;
  }
}

function build<T>(firestore: Firestore, { collection, everywhere, where, orderBy, descending, limit }: Query<T>) {
  let query: FirebaseFirestore.Query = everywhere
    ? firestore.collectionGroup(collection.path)
    : firestore.collection(collection.path);
  for (const [field, test, value] of where) query = query.where(field, test, value);
  if (orderBy !== undefined) query = query.orderBy(orderBy, descending ? 'desc' : 'asc');
  return limit === undefined ? query : query.limit(limit);
}

/** Firestore hands times back as its own Timestamp; we speak Date. */
function stored<T>(snapshot: DocumentSnapshot): Stored<T> | undefined {
  const data = snapshot.data();
  if (data === undefined) return undefined;
  for (const [field, value] of Object.entries(data)) if (isTimestamp(value)) data[field] = value.toDate();
  return { ref: { path: snapshot.ref.path }, id: snapshot.id, data: data as T, revision: snapshot.updateTime };
}

const isTimestamp = (value: unknown): value is Timestamp =>
  typeof value === 'object' && value !== null && 'toDate' in value && typeof value.toDate === 'function';

async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw unavailable.has(grpcCode(error)) ? new StoreUnavailable(error) : error;
  }
}

function grpcCode(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : 0;
}
