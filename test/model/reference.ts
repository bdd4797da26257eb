import type { Change, Resource } from '../../shared/protocol/changes.ts';
import type { Role } from '../../shared/protocol/fields.ts';
import type { ProblemCode } from '../../shared/protocol/problems.ts';
import { push, restore } from './reference-writes.ts';

/** A version of a resource, and the revision it was written at. */
export interface Row extends Resource {
  readonly revision: number;
}

/** A group as one sequential program would hold it. */
export interface State {
  readonly revision: number;
  readonly purgedRevision: number;
  readonly keyEpoch: number;
  readonly rotationRequired: boolean;
  readonly deleted: boolean;
  readonly members: ReadonlyMap<string, Role>;
  readonly rows: ReadonlyMap<string, Row>;
  /** Every row that is kept, by version; those that stand included. */
  readonly history: ReadonlyMap<string, Row>;
  /** How many rows were kept and are no longer. */
  readonly swept: number;
}

export const emptyGroup = (members: ReadonlyMap<string, Role>): State => ({
  revision: 0,
  purgedRevision: 0,
  keyEpoch: 1,
  rotationRequired: false,
  deleted: false,
  members,
  rows: new Map(),
  history: new Map(),
  swept: 0,
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
  'group-update': { groupId: string; name: string };
  'group-delete': { groupId: string };
  'group-restore': { groupId: string };
  'group-leave': { groupId: string };
  'link-create': { groupId: string; accountId: string; role: Role; keyEpoch: number; encSymmetricKey: string };
  'link-update': { groupId: string; accountId: string; role: Role };
  'link-revoke': { groupId: string; accountId: string };
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
const required: Readonly<Partial<Record<Request['name'], Role>>> = {
  'changes-push': 'editor',
  'resource-restore': 'editor',
  'group-leave': 'viewer',
};

/** @returns why an account may not do that in a group in this state */
export function barred({ members, deleted }: State, by: string, needed: Role): ProblemCode | undefined {
  const role = members.get(by);
  if (role === undefined) return 'GROUP_NOT_FOUND';
  if (rank[role] < rank[needed]) return 'ROLE_REQUIRED';
  return deleted ? 'GROUP_DELETED' : undefined;
}

/**
 * What a request of this account comes to, done alone at this state.
 * @param minted - the versions that the server gave out for what it wrote, by place in the request
 */
export function perform(state: State, by: string, request: Request, minted: readonly (string | null)[]): Outcome {
  const refuse = (code: ProblemCode, body: object = {}): Outcome => ({ code, body, state });
  const code = barred(state, by, required[request.name] ?? 'admin');
  if (code !== undefined && !(code === 'GROUP_DELETED' && request.name === 'group-restore')) return refuse(code);
  const { keyEpoch, rotationRequired, members } = state;
  const stale = () => refuse('KEY_EPOCH_STALE', { keyEpoch, rotationRequired });
  const unusable = (given: number) => given !== keyEpoch || rotationRequired;
  const { input } = request;
  switch (request.name) {
    case 'changes-push':
      return unusable(request.input.keyEpoch) ? stale() : push(state, by, request.input, minted);
    case 'resource-restore':
      return unusable(request.input.keyEpoch) ? stale() : restore(state, by, request.input, minted[0] ?? null);
    case 'group-rotate-key': {
      if (request.input.baseKeyEpoch !== keyEpoch) return stale();
      const named = new Set(request.input.links.map(({ accountId }) => accountId));
      const missing = [...members.keys()].filter((each) => !named.has(each));
      if (missing.length > 0 || named.size !== members.size) return refuse('MEMBERSHIP_CHANGED', { missing });
      return { body: { keyEpoch: keyEpoch + 1 }, state: { ...state, keyEpoch: keyEpoch + 1, rotationRequired: false } };
    }
    case 'group-update':
      return { body: { id: input.groupId, name: request.input.name }, state };
    case 'group-delete':
      return { body: {}, state: { ...state, deleted: true } };
    case 'group-restore':
      return { body: { id: input.groupId }, state: state.deleted ? { ...state, deleted: false } : state };
    case 'group-leave':
      return without(state, by);
    case 'link-create': {
      const { accountId, role } = request.input;
      if (unusable(request.input.keyEpoch)) return stale();
      if (members.has(accountId)) return refuse('LINK_EXISTS');
      return {
        body: { accountId, role, keyEpoch },
        state: { ...state, members: new Map(members).set(accountId, role) },
      };
    }
    case 'link-update': {
      const { accountId, role } = request.input;
      const before = members.get(accountId);
      if (before === undefined) return refuse('LINK_NOT_FOUND');
      if (before === role) return { body: { accountId, role }, state };
      if (before === 'admin' && admins(state) === 1) return refuse('LAST_ADMIN');
      return { body: { accountId, role }, state: { ...state, members: new Map(members).set(accountId, role) } };
    }
    case 'link-revoke':
      return without(state, request.input.accountId);
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
