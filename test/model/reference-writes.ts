import type { ChangeResult } from '../../shared/protocol/changes.ts';
import type { Outcome, Requests, Row, State } from './reference.ts';

/** What is to be stored, by whom, under which version. */
type Content = Pick<Row, 'id' | 'type' | 'name' | 'removed' | 'keyEpoch' | 'lastEdited' | 'encContent'>;

interface Step {
  readonly result: ChangeResult;
  readonly state: State;
}

/** One change after the other, unless it is all or none. */
export function push(
  before: State,
  by: string,
  { changes, atomic }: Requests['changes-push'],
  minted: readonly (string | null)[],
): Outcome {
  let state = before;
  const results: ChangeResult[] = [];
  for (const [index, change] of changes.entries()) {
    const content = { ...change, keyEpoch: before.keyEpoch };
    const step = write(state, by, content, change.baseVersion, minted[index] ?? null);
    results.push(step.result);
    state = step.state;
  }
  if (!atomic || results.every(({ status }) => status !== 'conflict')) {
    return { body: { revision: state.revision, results }, state };
  }
  const aborted = results.map((result): ChangeResult => {
    const kept = result.status === 'conflict' || result.status === 'unchanged';
    return kept ? result : { id: result.id, status: 'rejected', version: null, code: 'ATOMIC_ABORTED' };
  });
  return { body: { revision: before.revision, results: aborted }, state: before };
}

/** The old content again, as a new version under the key it was encrypted with. */
export function restore(
  before: State,
  by: string,
  { id, version, baseVersion, lastEdited }: Requests['resource-restore'],
  minted: string | null,
): Outcome {
  const old = before.history.get(version);
  if (old?.id !== id) return { code: 'VERSION_NOT_FOUND', body: {}, state: before };
  const { result, state } = write(before, by, { ...old, lastEdited }, baseVersion, minted);
  return { body: { revision: state.revision, result }, state };
}

function write(before: State, by: string, content: Content, base: string | null, minted: string | null): Step {
  const { id, type, name, removed, keyEpoch, lastEdited, encContent } = content;
  const row = before.rows.get(id);
  if (row !== undefined && sameContent(row, content)) {
    return { result: { id, status: 'unchanged', version: row.version }, state: before };
  }
  if ((row?.version ?? null) !== base) return { result: conflict(id, row), state: before };
  const revision = before.revision + 1;
  const version = minted ?? 'none was given out';
  const authors = { createdBy: row?.createdBy ?? by, lastEdited, lastEditedBy: by };
  const written: Row = { id, type, name, version, removed, keyEpoch, ...authors, encContent, revision };
  const status = removed ? 'removed' : row === undefined ? 'created' : 'updated';
  const rows = new Map(before.rows).set(id, written);
  const history = new Map(before.history).set(version, written);
  return { result: { id, status, version }, state: { ...before, revision, rows, history } };
}

function conflict(id: string, row: Row | undefined): ChangeResult {
  if (row === undefined) return { id, status: 'conflict', version: null };
  const { revision: _, ...current } = row;
  return { id, status: 'conflict', version: row.version, current };
}

const sameContent = (one: Content, other: Content): boolean =>
  one.encContent === other.encContent &&
  one.removed === other.removed &&
  one.name === other.name &&
  one.type === other.type &&
  one.keyEpoch === other.keyEpoch;
