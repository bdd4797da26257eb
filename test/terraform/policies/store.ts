import { block, blocks, text } from '../plan.ts';
import { compositeQueries, expiringCollections } from '../store-code.ts';
import { differences, type Planning, type Policy } from './policy.ts';

const fieldsOf = ({ plan }: Planning) => plan.of('google_firestore_field');
const fieldName = (values: Readonly<Record<string, unknown>>) =>
  `${text(values, 'collection')}.${text(values, 'field')}`;

/** Every collection whose documents have an `expiresAt` in the code of the store has its policy, and no other has one. */
export const timeToLive: Policy = {
  name: 'time-to-live',
  broken: (planning) => {
    const expiring = fieldsOf(planning).filter(({ values }) => blocks(values, 'ttl_config').length > 0);
    return [
      ...differences(
        'the time-to-live policy of',
        expiring.map(({ values }) => fieldName(values)),
        expiringCollections().map((collection) => `${collection}.expiresAt`),
        "the store's code",
      ),
      ...expiring
        .filter(
          ({ values }) =>
            blocks(values, 'index_config').length !== 1 || blocks(block(values, 'index_config'), 'indexes').length > 0,
        )
        .map(({ address }) => `${address}: a time to live must not be indexed, it is a hot spot`),
    ];
  },
};

/** Every query in the code that needs a composite index has one, and every index is needed by a query. */
export const compositeIndexes: Policy = {
  name: 'composite-indexes',
  broken: ({ plan }) => {
    const planned = plan.of('google_firestore_index').map(({ values }) => {
      const fields = blocks(values, 'fields').map((field, index, all) =>
        index === all.length - 1 || field.order !== 'ASCENDING'
          ? `${field.field_path} ${field.order}`
          : text(field, 'field_path'),
      );
      return `${text(values, 'collection')}: ${fields.join(', ')}`;
    });
    const { needed, open } = compositeQueries();
    // A query that gets its conditions from its caller cannot be read: the local stack holds it to the list when it runs.
    const excused = planned.filter((each) => !needed.includes(each) && open.includes(each.split(':')[0] ?? ''));
    return differences(
      'the index',
      planned.filter((each) => !excused.includes(each)),
      needed,
      'a query of the code',
    );
  },
};

export const singleFields: Policy = {
  name: 'single-fields',
  broken: (planning) => {
    const { groupIndexes, unindexed } = planning.manifest.firestore;
    const configured = fieldsOf(planning).filter(({ values }) => blocks(values, 'ttl_config').length === 0);
    const scopes = (values: Readonly<Record<string, unknown>>) =>
      blocks(block(values, 'index_config'), 'indexes').map(({ query_scope }) => query_scope);
    const everywhere = configured.filter(({ values }) => scopes(values).includes('COLLECTION_GROUP'));
    const off = configured.filter(
      ({ values }) => blocks(values, 'index_config').length === 1 && scopes(values).length === 0,
    );
    const names = (list: readonly { collectionGroup: string; field: string }[]) =>
      list.map(({ collectionGroup, field }) => `${collectionGroup}.${field}`);
    return [
      ...differences(
        'the group index of',
        everywhere.map(({ values }) => fieldName(values)),
        names(groupIndexes),
      ),
      ...differences(
        'the exemption of',
        off.map(({ values }) => fieldName(values)),
        names(unindexed),
      ),
    ];
  },
};

export const databaseKept: Policy = {
  name: 'database-kept',
  broken: ({ plan }) => {
    const [database, ...more] = plan.of('google_firestore_database');
    if (database === undefined || more.length > 0) return ['there must be one database'];
    const { values } = database;
    const schedules = plan.of('google_firestore_backup_schedule').map((each) => each.values);
    const days = (kind: string) =>
      schedules
        .filter((each) => blocks(each, kind).length > 0)
        .map((each) => Number.parseInt(text(each, 'retention'), 10) / 86_400);
    const wanted: readonly (readonly [boolean, string])[] = [
      [values.delete_protection_state === 'DELETE_PROTECTION_ENABLED', 'the database can be deleted'],
      [
        values.point_in_time_recovery_enablement === 'POINT_IN_TIME_RECOVERY_ENABLED',
        'the database has no point-in-time recovery',
      ],
      [values.type === 'FIRESTORE_NATIVE', 'the database is not Firestore in native mode'],
      [values.deletion_policy === 'DELETE', 'destroy would leave the database behind, unsaid'],
      [days('daily_recurrence').some((each) => each >= 7), 'no daily backup is kept for a week'],
      [days('weekly_recurrence').some((each) => each >= 28), 'no weekly backup is kept for four weeks'],
    ];
    return wanted.filter(([holds]) => !holds).map(([, what]) => what);
  },
};
