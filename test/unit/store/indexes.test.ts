import { compositeIndexes, expiring } from '../../../shared/store/indexes.ts';
import { compositeQueries, expiringCollections } from '../../terraform/store-code.ts';

describe('what the store declares to Firestore', () => {
  it('lets exactly those documents expire that have an expiresAt', () => {
    expect([...expiring].sort()).toEqual(expiringCollections());
  });

  it('has an index for every query that needs one, and no index that none needs', () => {
    const { needed, open } = compositeQueries();
    const declared = compositeIndexes.map(
      ({ collectionGroup, fields, descending }) =>
        `${collectionGroup}: ${fields.join(', ')} ${descending ? 'DESCENDING' : 'ASCENDING'}`,
    );
    expect(declared).toEqual(expect.arrayContaining([...needed]));
    // Where conditions come from elsewhere, the local stack holds the query to the list when it runs.
    const unused = declared.filter((each) => !needed.includes(each) && !open.includes(each.split(':')[0] ?? ''));
    expect(unused).toEqual([]);
  });
});
