import type { Change, ChangeResult, Resource } from '../../shared/protocol/changes.ts';
import type { Role } from '../../shared/protocol/fields.ts';
import type { ProblemCode } from '../../shared/protocol/problems.ts';

/** A version of a resource, and the revision it was written at. */
export interface Row extends Resource {
  readonly revision: number;
}

/** A group as one sequential program would hold it. */
export interface State {
  readonly revision: number;
  readonly keyEpoch: number;
  readonly rotationRequired: boolean;
  readonly members: ReadonlyMap<string, Role>;
  readonly rows: ReadonlyMap<string, Row>;
  /** Every row there ever was, by version. */
  readonly history: ReadonlyMap<string, Row>;
}

export const emptyGroup = (members: ReadonlyMap<string, Role>): State => ({
  revision: 0,
  keyEpoch: 1,
  rotationRequired: false,
  members,
  rows: new Map(),
  history: new Map(),
});

/** What devices ask, by function. */
export interface Requests {
  'changes-push': { groupId: string; keyEpoch: number; changes: readonly Change[]; atomic: boolean };
  'resource-restore': {
    groupId: string;
    keyEpoch: number;
    id: string;
    version: string;
    baseVersion: string;
    lastEdited: number;
  };
  'group-rotate-key': { groupId: string; baseKeyEpoch: number; links: readonly WrappedKey[] };
  'link-create': { groupId: string; accountId: string; role: Role; keyEpoch: number; encSymmetricKey: string };
  'link-update': { groupId: string; accountId: string; role: Role };
  'link-revoke': { groupId: string; accountId: string };
  'group-leave': { groupId: string };
}

interface WrappedKey {
  readonly accountId: string;
  readonly encSymmetricKey: string;
}

export type Request = {
  [Name in keyof Requests]: { readonly name: Name; readonly input: Requests[Name] };
}[keyof Requests];

/** What the answer must hold (it may hold more), and what is true afterwards. */
export interface Outcome {
  readonly code?: ProblemCode;
  readonly body: object;
  readonly state: State;
}

const rank: Readonly<Record<Role, number>> = { viewer: 0, editor: 1, admin: 2 };
const required: Readonly<Record<Request['name'], Role>> = {
  'changes-push': 'editor',
  'resource-restore': 'editor',
  'group-rotate-key': 'admin',
  'link-create': 'admin',
  'link-update': 'admin',
  'link-revoke': 'admin',
  'group-leave': 'viewer',
};

/**
 * What a request of this account comes to, done alone at this state.
 * @param minted - the versions that the server gave out for what it wrote, by place in the request
 */
export function perform(state: State, by: string, request: Request, minted: readonly (string | null)[]): Outcome {
  const refuse = (code: ProblemCode, body: object = {}): Outcome => ({ code, body, state });
  const stale = () => refuse('KEY_EPOCH_STALE', { keyEpoch: state.keyEpoch, rotationRequired: state.rotationRequired });
  const role = state.members.get(by);
  if (role === undefined) return refuse('GROUP_NOT_FOUND');
  if (rank[role] < rank[required[request.name]]) return refuse('ROLE_REQUIRED', { role });
  switch (request.name) {
    case 'changes-push': {
      const { keyEpoch, changes, atomic } = request.input;
      if (keyEpoch !== state.keyEpoch || state.rotationRequired) return stale();
      return push(state, by, changes, atomic, minted);
    }
    case 'resource-restore': {
      const { keyEpoch } = request.input;
      if (keyEpoch !== state.keyEpoch || state.rotationRequired) return stale();
      return restore(state, by, request.input, minted[0] ?? null);
    }
    case 'group-rotate-key': {
      const { baseKeyEpoch, links } = request.input;
      if (baseKeyEpoch !== state.keyEpoch) return stale();
      const named = new Set(links.map(({ accountId }) => accountId));
      const missing = [...state.members.keys()].filter((each) => !named.has(each));
      if (missing.length > 0 || named.size !== state.members.size) return refuse('MEMBERSHIP_CHANGED', { missing });
      const keyEpoch = state.keyEpoch + 1;
      return { body: { keyEpoch }, state: { ...state, keyEpoch, rotationRequired: false } };
    }
    case 'link-create': {
      const { accountId, keyEpoch } = request.input;
      if (keyEpoch !== state.keyEpoch || state.rotationRequired) return stale();
      if (state.members.has(accountId)) return refuse('LINK_EXISTS');
      const members = new Map([...state.members, [accountId, request.input.role]] as const);
      return { body: { accountId, role: request.input.role, keyEpoch }, state: { ...state, members } };
    }
    case 'link-update': {
      const { accountId } = request.input;
      const before = state.members.get(accountId);
      if (before === undefined) return refuse('LINK_NOT_FOUND');
      if (before === 'admin' && request.input.role !== 'admin' && admins(state) === 1) return refuse('LAST_ADMIN');
      const members = new Map(state.members).set(accountId, request.input.role);
      return { body: { accountId, role: request.input.role }, state: { ...state, members } };
    }
    case 'link-revoke':
      return without(state, request.input.accountId);
    case 'group-leave':
      return without(state, by);
  }
}

function without(state: State, accountId: string): Outcome {
  const role = state.members.get(accountId);
  if (role === undefined) return { code: 'LINK_NOT_FOUND', body: { accountId }, state };
  if (role === 'admin' && admins(state) === 1) return { code: 'LAST_ADMIN', body: {}, state };
  const members = new Map([...state.members].filter(([each]) => each !== accountId));
  return { body: {}, state: { ...state, members, rotationRequired: true } };
}

const admins = ({ members }: State) => [...members.values()].filter((role) => role === 'admin').length;

function push(
  before: State,
  by: string,
  changes: readonly Change[],
  atomic: boolean,
  minted: readonly (string | null)[],
): Outcome {
  let state = before;
  const results: ChangeResult[] = [];
  for (const [index, change] of changes.entries()) {
    const { id, type, name, removed, lastEdited, encContent } = change;
    const row = state.rows.get(id);
    const { keyEpoch } = state;
    if (row !== undefined && sameContent(row, { type, name, removed, keyEpoch, encContent })) {
      results.push({ id, status: 'unchanged', version: row.version });
    } else if (row !== undefined && row.version !== change.baseVersion) {
      results.push(conflict(row));
    } else {
      const version = minted[index] ?? null;
      const createdBy = row?.createdBy ?? by;
      const content = { id, type, name, removed, keyEpoch, createdBy, lastEdited, lastEditedBy: by, encContent };
      state = written(state, version, content);
      results.push({ id, status: removed ? 'removed' : row === undefined ? 'created' : 'updated', version });
    }
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
function restore(state: State, by: string, input: Requests['resource-restore'], version: string | null): Outcome {
  const old = state.history.get(input.version);
  const row = state.rows.get(input.id);
  if (row === undefined) return { code: 'RESOURCE_NOT_FOUND', body: {}, state };
  if (old?.id !== input.id) return { code: 'VERSION_NOT_FOUND', body: {}, state };
  const { revision } = state;
  if (row.version !== input.baseVersion) return { body: { revision, result: conflict(row) }, state };
  if (sameContent(row, old)) {
    return { body: { revision, result: { id: row.id, status: 'unchanged', version: row.version } }, state };
  }
  const { revision: _, version: __, ...content } = old;
  const stamped = { ...content, createdBy: row.createdBy, lastEdited: input.lastEdited, lastEditedBy: by };
  const after = written(state, version, stamped);
  const status = old.removed ? 'removed' : 'updated';
  return { body: { revision: after.revision, result: { id: row.id, status, version } }, state: after };
}

function written(state: State, version: string | null, content: Omit<Row, 'version' | 'revision'>): State {
  const revision = state.revision + 1;
  const row = { ...content, version: version ?? 'none was given out', revision };
  return {
    ...state,
    revision,
    rows: new Map(state.rows).set(row.id, row),
    history: new Map(state.history).set(row.version, row),
  };
}

function conflict({ revision: _, ...current }: Row): ChangeResult {
  return { id: current.id, status: 'conflict', version: current.version, current };
}

type Content = Pick<Row, 'type' | 'name' | 'removed' | 'keyEpoch' | 'encContent'>;

const sameContent = (one: Content, other: Content): boolean =>
  one.encContent === other.encContent &&
  one.removed === other.removed &&
  one.name === other.name &&
  one.type === other.type &&
  one.keyEpoch === other.keyEpoch;
