import type { Write } from '../../shared/store/database.ts';
import type { Row, State } from './reference.ts';

/** Why a sweep may not have done what it did. */
export class BadSweep extends Error {}

/**
 * What one commit of the sweep leaves, read from what it deleted: versions that do not stand, and removals that do,
 * with their resources. Which of them it may take when is a matter of time, and tested elsewhere.
 * @throws BadSweep
 */
export function swept(groupId: string, state: State, writes: readonly Write[]): State {
  const rows = new Map(state.rows);
  const history = new Map(state.history);
  const byRevision = new Map([...history.values()].map((row) => [row.revision, row]));
  let { purgedRevision } = state;
  const gone: Row[] = [];
  for (const write of writes) {
    if (write.path === `groups/${groupId}` && write.kind === 'update' && 'purgedRevision' in write.data)
      purgedRevision = Number(write.data.purgedRevision);
    if (write.kind !== 'delete') continue;
    const [, , , id = '', , revision] = write.path.split('/');
    const row = revision === undefined ? rows.get(id) : byRevision.get(Number(revision));
    if (row?.id !== id) throw new BadSweep(`It deleted ${write.path}, which nothing wrote.`);
    if (revision === undefined && !row.removed) throw new BadSweep(`It deleted ${write.path}, which is not removed.`);
    if (revision === undefined) rows.delete(id);
    else history.delete(row.version);
    gone.push(row);
  }
  for (const row of gone) {
    const stands = rows.get(row.id)?.version === row.version;
    if (stands) throw new BadSweep(`It deleted version ${row.version} of ${row.id}, which stands.`);
    if (state.rows.get(row.id) === row && row.revision > purgedRevision)
      throw new BadSweep(`It purged ${row.id} at ${row.revision}, but tells of ${purgedRevision}.`);
  }
  return { ...state, rows, history, purgedRevision, swept: state.swept + state.history.size - history.size };
}
