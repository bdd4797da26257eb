/**
 * What Firestore must be told of our queries and fields. The emulator needs none of it and checks none of it; the
 * deployment reads it from the manifest, and a test compares it with the queries that really run.
 */

/** Queries over all collections of one id, by one field. */
export const groupIndexes = [
  { collectionGroup: 'links', field: 'accountId' },
  { collectionGroup: 'members', field: 'accountId' },
  { collectionGroup: 'history', field: 'unsweptSince' },
  { collectionGroup: 'history', field: 'groupId' },
  { collectionGroup: 'blobs', field: 'idleSince' },
  { collectionGroup: 'keys', field: 'groupId' },
] as const;

export interface CompositeIndex {
  readonly collectionGroup: string;
  /** In the order of the index: those that must be equal, then the one that orders. */
  readonly fields: readonly string[];
  /** The order of the last field; ascending unless said. */
  readonly descending?: boolean;
}

/** Queries, and sums, that need two fields of one collection. */
export const compositeIndexes: readonly CompositeIndex[] = [
  { collectionGroup: 'groups', fields: ['createdBy', 'bytes'] },
  { collectionGroup: 'blobs', fields: ['state', 'size'] },
  { collectionGroup: 'attempts', fields: ['from', 'outcome', 'at'], descending: true },
  { collectionGroup: 'attempts', fields: ['outcome', 'at'] },
  { collectionGroup: 'outbox', fields: ['state', 'created'] },
  { collectionGroup: 'outbox', fields: ['to', 'created'], descending: true },
  { collectionGroup: 'invites', fields: ['teamId', 'created'], descending: true },
  { collectionGroup: 'invites', fields: ['emailHash', 'created'], descending: true },
];

/** Large or opaque fields that no query names: an index on them costs writes and money. */
export const unindexed = [
  { collectionGroup: 'resources', field: 'encContent' },
  { collectionGroup: 'history', field: 'encContent' },
  { collectionGroup: 'chunks', field: 'data' },
  { collectionGroup: 'blobs', field: 'received' },
  { collectionGroup: 'idempotency', field: 'body' },
  { collectionGroup: 'links', field: 'encSymmetricKey' },
  { collectionGroup: 'keys', field: 'encSymmetricKey' },
  { collectionGroup: 'outbox', field: 'sealedValues' },
  { collectionGroup: 'outbox', field: 'lastError' },
  { collectionGroup: 'breachNotices', field: 'paragraphs' },
  { collectionGroup: 'analyticsEvents', field: 'properties' },
  { collectionGroup: 'analyticsDaily', field: 'cells' },
  { collectionGroup: 'tokens', field: 'newAddress' },
] as const;

/** Collections whose documents Firestore deletes some time after `expiresAt`. */
export const expiring = [
  'sessions',
  'attempts',
  'tokens',
  'outbox',
  'idempotency',
  'rateLimits',
  'audit',
  'analyticsEvents',
  'analyticsDaily',
  'analyticsDropped',
  'analyticsPreferences',
  'decoys',
  'invites',
] as const;
